SELECT {reservation r}
FROM ticket_reservations r
WHERE r.id = ANY ($1::uuid[])
ORDER BY r.id
