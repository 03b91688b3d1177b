SELECT l.*
FROM inventory_audit_log l
WHERE l.reservation_id = ?1 AND (l.created_at, l.ticket_type_id, l.seq) <= (?2, ?3, ?4)
ORDER BY l.created_at DESC, l.ticket_type_id DESC, l.seq DESC
