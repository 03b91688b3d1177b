-- OFFSET 0: found by the reservation, and not one by one in the order of the whole log.
SELECT {entry l}
FROM (
    SELECT *
    FROM inventory_audit_log l
    WHERE l.reservation_id = $1::uuid AND l.seq IS NOT NULL
        AND (l.created_at, l.ticket_type_id, l.seq) < ($2::timestamptz, $3::uuid, $4::int8)
    OFFSET 0) l
ORDER BY l.created_at DESC, l.ticket_type_id DESC, l.seq DESC
LIMIT $5::int8
