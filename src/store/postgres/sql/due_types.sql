-- From type to type, one look into the index of active reservations each.
WITH RECURSIVE active (id, expires_at) AS (
    (SELECT r.ticket_type_id, r.expires_at
     FROM ticket_reservations r
     WHERE r.status = 'active' AND r.ticket_type_id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000')
        AND r.expires_at IS NOT NULL
     ORDER BY r.ticket_type_id, r.expires_at
     LIMIT 1)
    UNION ALL
    SELECT n.ticket_type_id, n.expires_at
    FROM active a
    CROSS JOIN LATERAL (
        SELECT r.ticket_type_id, r.expires_at
        FROM ticket_reservations r
        WHERE r.status = 'active' AND r.ticket_type_id > a.id AND r.expires_at IS NOT NULL
        ORDER BY r.ticket_type_id, r.expires_at
        LIMIT 1) n
)
SELECT a.id
FROM active a
WHERE a.expires_at <= current_setting('ticketd.now')::timestamptz
LIMIT $2::int8
