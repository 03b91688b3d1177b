SELECT {reservation r}
FROM ticket_reservations r
WHERE r.id = $1::uuid AND r.id < $2::uuid
LIMIT $3::int8
