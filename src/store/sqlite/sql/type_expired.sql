-- Oldest first; ?3 rows at most.
SELECT r.*
FROM ticket_reservations r
WHERE r.ticket_type_id = ?1 AND r.status = 'active' AND r.expires_at <= ?2
ORDER BY r.expires_at, r.id
LIMIT ?3
