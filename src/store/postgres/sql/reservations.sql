-- $14 rows are looked at: given are those that the filter may take, and the one looked at last, so
-- that the search can go on from there; $15 at most.
SELECT {reservation r}, r.examined
FROM (
    SELECT r.*, row_number() OVER (ORDER BY r.id DESC) AS examined
    FROM ticket_reservations r
    WHERE r.id < $13::uuid
    ORDER BY r.id DESC
    LIMIT $14::int8) r
WHERE r.examined = $14::int8
    OR ({line_filter_part}
        AND ($11::timestamptz IS NULL OR r.created_at >= $11::timestamptz)
        AND ($12::timestamptz IS NULL OR r.created_at < $12::timestamptz))
ORDER BY r.id DESC
LIMIT $15::int8
