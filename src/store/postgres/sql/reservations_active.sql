-- Those that still hold tickets, of one type ($1) or else of the types of one event ($2).
-- Ids are sorted, not rows.
SELECT {reservation r}
FROM (
    SELECT a.id
    FROM (
        SELECT $1::uuid AS id WHERE $1::uuid IS NOT NULL
        UNION ALL
        SELECT t.id FROM ticket_types t WHERE t.event_id = $2::uuid AND $1::uuid IS NULL) t
    JOIN ticket_reservations a ON a.ticket_type_id = t.id
        AND a.status = 'active' AND a.expires_at > current_setting('ticketd.now')::timestamptz
        AND a.id < $3::uuid
    ORDER BY a.id DESC
    LIMIT $4::int8) a
JOIN ticket_reservations r ON r.id = a.id
ORDER BY r.id DESC
