SELECT id, event_id, last_entry_at FROM ticket_types WHERE event_id = ?1
