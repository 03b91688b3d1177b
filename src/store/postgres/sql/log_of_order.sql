-- OFFSET 0: found by the order, and not one by one in the order of the whole log. Every entry of an order
-- is about a reservation that was sold under it.
SELECT {entry l}
FROM (
    SELECT l.*
    FROM ticket_reservations r JOIN inventory_audit_log l ON l.reservation_id = r.id
    WHERE r.order_id = $1::text::{order_id} AND l.order_id = $1::text::{log_order_id}
        AND l.seq IS NOT NULL
        AND (l.created_at, l.ticket_type_id, l.seq) < ($2::timestamptz, $3::uuid, $4::int8)
    OFFSET 0) l
ORDER BY l.created_at DESC, l.ticket_type_id DESC, l.seq DESC
LIMIT $5::int8
