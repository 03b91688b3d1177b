SELECT {reservation r}
FROM ticket_reservations r
WHERE r.id = $1::uuid AND r.status = 'completed'
    AND (r.completed_at, r.id) < ($2::timestamptz, $3::uuid)
LIMIT $4::int8
