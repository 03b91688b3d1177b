SELECT r.*
FROM ticket_reservations r
WHERE r.order_id = ?1 AND r.id <= ?3
ORDER BY r.id DESC
