SELECT {reservation r}
FROM ticket_reservations r
WHERE r.cart_id = $1::uuid AND r.id < $2::uuid
ORDER BY r.id DESC
LIMIT $3::int8
