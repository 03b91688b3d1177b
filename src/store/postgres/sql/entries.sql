SELECT {entry l}
FROM inventory_audit_log l
WHERE l.ticket_type_id = $1::uuid AND l.seq > $2::int8
ORDER BY l.seq
LIMIT $3::int8
