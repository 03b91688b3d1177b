-- As types_expired, where nothing but types is named; $2 rows at most.
SELECT {reservation r}
FROM unnest($1::uuid[]) t (id)
CROSS JOIN LATERAL (
    SELECT *
    FROM ticket_reservations r
    WHERE r.ticket_type_id = t.id AND r.status = 'active'
        AND r.expires_at <= current_setting('ticketd.now')::timestamptz
    ORDER BY r.expires_at, r.id
    LIMIT $2::int8) r
ORDER BY t.id, r.expires_at, r.id
LIMIT $2::int8
