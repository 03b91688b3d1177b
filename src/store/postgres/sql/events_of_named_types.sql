SELECT {event e}
FROM events e
WHERE e.id IN (SELECT t.event_id FROM ticket_types t WHERE t.id = ANY ($1::uuid[]))
