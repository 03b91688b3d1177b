SELECT expires_at
FROM ticket_reservations
WHERE ticket_type_id = ?1 AND status = 'active' AND expires_at > ?2
ORDER BY expires_at
LIMIT 1
