SELECT 1
FROM inventory_audit_log l
WHERE l.ticket_type_id = $1::uuid AND l.seq = $2::int8 AND l.id = $3::uuid
