SELECT {event e}
FROM events e
WHERE e.id IN (
    SELECT t.event_id
    FROM ticket_types t
    WHERE t.id IN (
{touched_types_part}))
