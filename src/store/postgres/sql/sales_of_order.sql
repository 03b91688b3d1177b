SELECT {reservation r}
FROM ticket_reservations r
WHERE r.order_id = $1::text::{order_id} AND r.status = 'completed'
    AND (r.completed_at, r.id) < ($2::timestamptz, $3::uuid)
ORDER BY r.completed_at DESC, r.id DESC
LIMIT $4::int8
