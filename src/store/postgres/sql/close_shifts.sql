-- The last line ends the transaction (division by zero) where the rows are not as they were read.
WITH written AS (
    UPDATE ticketd.shifts s
    SET
        counted_cash = u.counted_cash, expected_cash = u.expected_cash, note = u.note,
        closed_at = u.closed_at
    FROM (
        SELECT
            unnest($1::uuid[]) AS id, unnest($2::uuid[]) AS operator_id,
            unnest($3::text[]) AS terminal, unnest($4::text[]) AS currency,
            unnest($5::int8[]) AS opening_cash, unnest($6::int8[]) AS counted_cash,
            unnest($7::int8[]) AS expected_cash, unnest($8::text[]) AS note,
            unnest($9::timestamptz[]) AS opened_at, unnest($10::timestamptz[]) AS closed_at,
            unnest($11::text[]) AS operator_kind) u
    WHERE s.id = u.id AND s.closed_at IS NULL
    RETURNING 1
)
SELECT 1 / (CASE WHEN count(*) = $12::int8 THEN 1 ELSE 0 END) FROM written
