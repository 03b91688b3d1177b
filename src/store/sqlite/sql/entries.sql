SELECT l.*
FROM inventory_audit_log l
WHERE l.ticket_type_id = ?1 AND l.seq > ?2
ORDER BY l.seq
