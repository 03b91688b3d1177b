-- Type by type, oldest first; $4 rows at most.
SELECT {reservation r}
FROM (
{touched_types_part}    ORDER BY id
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
