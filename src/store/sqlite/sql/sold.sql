SELECT r.completed_at, r.quantity, r.unit_price, r.channel, r.tender, r.sold_by
FROM ticket_reservations r
WHERE r.ticket_type_id = ?1 AND r.status = 'completed' AND r.completed_at >= ?2
    AND r.completed_at < ?3
ORDER BY r.completed_at
