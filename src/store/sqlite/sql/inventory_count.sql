SELECT count(*) FROM ticket_types WHERE event_id = ?1
