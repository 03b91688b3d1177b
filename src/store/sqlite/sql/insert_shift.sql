INSERT INTO shifts (
    id, operator_id, terminal, currency, opening_cash, counted_cash, expected_cash, note, opened_at,
    closed_at, operator_kind)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
