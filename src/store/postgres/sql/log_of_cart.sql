SELECT {entry l}
FROM ticket_reservations r JOIN inventory_audit_log l ON l.reservation_id = r.id
WHERE r.cart_id = $1::uuid AND l.seq IS NOT NULL
    AND (l.created_at, l.ticket_type_id, l.seq) < ($2::timestamptz, $3::uuid, $4::int8)
ORDER BY l.created_at DESC, l.ticket_type_id DESC, l.seq DESC
LIMIT $5::int8
