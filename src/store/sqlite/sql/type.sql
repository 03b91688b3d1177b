SELECT t.* FROM ticket_types t WHERE t.id = ?1
