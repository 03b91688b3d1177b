-- A type whose event is missing reads as one that has never changed.
SELECT t.id, t.audit_seq, t.settings_version, coalesce(e.version, 1),
    coalesce(e.published AND e.archived_at IS NULL, false)
FROM ticket_types t LEFT JOIN events e ON e.id = t.event_id
WHERE t.id = ANY ($1::uuid[])
