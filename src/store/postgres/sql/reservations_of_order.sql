SELECT {reservation r}
FROM ticket_reservations r
WHERE r.order_id = $1::text::{order_id} AND r.id < $2::uuid
ORDER BY r.id DESC
LIMIT $3::int8
