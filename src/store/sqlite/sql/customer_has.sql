-- Live reservations plus sales less refunds (R15). The index is named: without statistics SQLite
-- would rather read all of the type's sales.
SELECT coalesce(sum(quantity - refunded_quantity), 0)
FROM ticket_reservations INDEXED BY idx_ticket_reservations_limited
WHERE limited_user_id = ?1 AND ticket_type_id = ?2
    AND (status = 'completed' OR (status = 'active' AND expires_at > ?3))
