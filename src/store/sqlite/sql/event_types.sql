SELECT t.*, e.published, e.archived_at, e.currency, e.version
FROM ticket_types t LEFT JOIN events e ON e.id = t.event_id
WHERE t.event_id = ?2 AND t.id > ?1
ORDER BY t.id
