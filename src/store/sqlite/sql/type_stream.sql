SELECT id, event_id, last_entry_at FROM ticket_types WHERE id = ?1
