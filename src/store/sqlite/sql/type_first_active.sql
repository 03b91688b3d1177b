SELECT ticket_type_id, expires_at
FROM ticket_reservations
WHERE status = 'active' AND ticket_type_id > ?1 AND expires_at >= 0
ORDER BY ticket_type_id, expires_at
LIMIT 1
