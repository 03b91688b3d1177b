-- The ranges of an index that a list of all types merges.
SELECT id, event_id, last_entry_at FROM ticket_types
