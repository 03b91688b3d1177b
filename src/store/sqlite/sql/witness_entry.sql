SELECT 1 FROM inventory_audit_log WHERE ticket_type_id = ?1 AND seq = ?2 AND id = ?3
