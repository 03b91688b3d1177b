SELECT r.* FROM ticket_reservations r WHERE r.id = ?1
