-- Live reservations plus sales less refunds (R15).
SELECT coalesce(sum(quantity - refunded_quantity), 0)
FROM ticket_reservations
WHERE user_id = ?1 AND ticket_type_id = ?2
    AND (status = 'completed' OR (status = 'active' AND expires_at > ?3))
