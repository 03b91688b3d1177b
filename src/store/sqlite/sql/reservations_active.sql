-- Those that still hold tickets at ?6, of one type (?1) or else of the types of one event (?5).
SELECT r.*
FROM ticket_reservations r
WHERE r.ticket_type_id IN (
        SELECT ?1 WHERE ?1 IS NOT NULL
        UNION ALL
        SELECT t.id FROM ticket_types t WHERE t.event_id = ?5 AND ?1 IS NULL)
    AND r.status = 'active' AND r.expires_at > ?6 AND r.id <= ?3
ORDER BY r.id DESC
