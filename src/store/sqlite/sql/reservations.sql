SELECT r.* FROM ticket_reservations r WHERE r.id <= ?3 ORDER BY r.id DESC
