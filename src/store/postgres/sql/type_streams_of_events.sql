SELECT t.id, t.event_id, t.last_entry_at FROM ticket_types t WHERE t.event_id = ANY ($1::uuid[])
