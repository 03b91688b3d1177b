SELECT seq, created_at FROM inventory_audit_log
WHERE ticket_type_id = ?1 AND seq >= ?2
ORDER BY seq
LIMIT 1
