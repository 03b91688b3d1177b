-- Every entry of an order is about a reservation that was sold under it.
SELECT l.*
FROM ticket_reservations r JOIN inventory_audit_log l ON l.reservation_id = r.id
WHERE r.order_id = ?1 AND l.order_id = ?1
    AND (l.created_at, l.ticket_type_id, l.seq) <= (?2, ?3, ?4)
ORDER BY l.created_at DESC, l.ticket_type_id DESC, l.seq DESC
