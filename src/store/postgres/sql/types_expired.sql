-- Type by type, oldest first; $4 rows at most.
SELECT {reservation r}
FROM (
    SELECT unnest($1::uuid[]) AS id
    UNION
    SELECT r.ticket_type_id FROM ticket_reservations r WHERE r.id = ANY ($2::uuid[])
    UNION
    SELECT r.ticket_type_id FROM ticket_reservations r WHERE r.cart_id = ANY ($3::uuid[])
    ORDER BY id
) t
CROSS JOIN LATERAL (
    SELECT *
    FROM ticket_reservations r
    WHERE r.ticket_type_id = t.id AND r.status = 'active'
        AND r.expires_at <= current_setting('ticketd.now')::timestamptz
    ORDER BY r.expires_at, r.id
    LIMIT $4::int8) r
ORDER BY t.id, r.expires_at, r.id
LIMIT $4::int8
