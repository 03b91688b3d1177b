SELECT coalesce(sum(quantity), 0)
FROM ticket_reservations
WHERE ticket_type_id = ?1 AND status = 'active' AND expires_at <= ?2
