SELECT max_per_customer IS NOT NULL FROM ticket_types WHERE id = ?1
