SELECT seq, chain_hash FROM inventory_audit_log WHERE ticket_type_id = ?1 ORDER BY seq DESC LIMIT 1
