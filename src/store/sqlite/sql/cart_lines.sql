SELECT r.* FROM ticket_reservations r WHERE r.cart_id = ?1 ORDER BY r.id
