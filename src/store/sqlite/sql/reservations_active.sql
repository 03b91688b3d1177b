-- Those that still hold tickets at ?6, of one type (?1) or else of the types of one event (?5).
-- Ids are sorted, not rows; CROSS JOIN keeps their order: SQLite runs its left side outside.
SELECT r.*
FROM (
    SELECT id
    FROM ticket_reservations
    WHERE ticket_type_id IN (
            SELECT ?1 WHERE ?1 IS NOT NULL
            UNION ALL
            SELECT t.id FROM ticket_types t WHERE t.event_id = ?5 AND ?1 IS NULL)
        AND status = 'active' AND expires_at > ?6 AND id <= ?3
    ORDER BY id DESC
    LIMIT -1) a
CROSS JOIN ticket_reservations r ON r.id = a.id
