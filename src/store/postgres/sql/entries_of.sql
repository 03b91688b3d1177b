-- The entries of each of these reservations, in their order, newest first.
SELECT {entry l}
FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, number)
JOIN inventory_audit_log l ON l.reservation_id = wanted.id AND l.seq IS NOT NULL
ORDER BY wanted.number, l.created_at DESC, l.ticket_type_id DESC, l.seq DESC
LIMIT $2::int8
