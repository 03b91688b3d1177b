SELECT r.*
FROM ticket_reservations r
WHERE r.order_id = ?1 AND r.status = 'completed' AND (r.completed_at, r.id) <= (?2, ?3)
ORDER BY r.completed_at DESC, r.id DESC
