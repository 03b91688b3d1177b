INSERT INTO ticketd.shifts (
    id, operator_id, terminal, currency, opening_cash, counted_cash, expected_cash, note, opened_at,
    closed_at, operator_kind)
SELECT
    u.id, u.operator_id, u.terminal, u.currency, u.opening_cash,
    CASE WHEN u.closed_at IS NOT NULL THEN u.counted_cash END,
    CASE WHEN u.closed_at IS NOT NULL THEN u.expected_cash END, u.note, u.opened_at, u.closed_at,
    u.operator_kind
FROM (
    SELECT
        unnest($1::uuid[]) AS id, unnest($2::uuid[]) AS operator_id, unnest($3::text[]) AS terminal,
        unnest($4::text[]) AS currency, unnest($5::int8[]) AS opening_cash,
        unnest($6::int8[]) AS counted_cash, unnest($7::int8[]) AS expected_cash,
        unnest($8::text[]) AS note, unnest($9::timestamptz[]) AS opened_at,
        unnest($10::timestamptz[]) AS closed_at, unnest($11::text[]) AS operator_kind) u
