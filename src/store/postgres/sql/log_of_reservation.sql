SELECT {entry l}
FROM inventory_audit_log l
WHERE l.reservation_id = $1::uuid AND l.seq IS NOT NULL
    AND (l.created_at, l.ticket_type_id, l.seq) < ($2::timestamptz, $3::uuid, $4::int8)
ORDER BY l.created_at DESC, l.ticket_type_id DESC, l.seq DESC
LIMIT $5::int8
