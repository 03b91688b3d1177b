-- The words of the partial index, so that it is used. A refund gives back the price of its sale.
SELECT l.created_at, l.action, l.quantity, l.previous_total, l.new_total, r.unit_price, l.channel,
    l.tender, l.actor_kind, l.actor_id
FROM inventory_audit_log l
LEFT JOIN ticket_reservations r ON r.id = l.reservation_id
WHERE l.ticket_type_id = ?1 AND l.seq > ?2
    AND (l.action = 'increase' OR l.action = 'decrease' OR l.action = 'refund')
ORDER BY l.seq
