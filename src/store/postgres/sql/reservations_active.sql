-- Those that still hold tickets, of one type ($1) or else of the types of one event ($2).
-- Ids are sorted, not rows. OFFSET 0: they are found first, by the types' own index, and not one by
-- one in the order of all reservations.
SELECT {reservation r}
FROM (
    SELECT a.id
    FROM (
        SELECT a.id
        FROM (
            SELECT $1::uuid AS id WHERE $1::uuid IS NOT NULL
            UNION ALL
            SELECT t.id FROM ticket_types t WHERE t.event_id = $2::uuid AND $1::uuid IS NULL) t
        CROSS JOIN LATERAL (
            SELECT a.id
            FROM ticket_reservations a
            WHERE a.ticket_type_id = t.id AND a.status = 'active'
                AND a.expires_at > current_setting('ticketd.now')::timestamptz
                AND a.id < $3::uuid
            OFFSET 0) a
        OFFSET 0) a
    ORDER BY a.id DESC
    LIMIT $4::int8) a
JOIN ticket_reservations r ON r.id = a.id
ORDER BY r.id DESC
