-- The ranges of an index that a list of all types merges, and when the newest row of each is from.
SELECT t.id, t.event_id, t.last_entry_at FROM ticket_types t
