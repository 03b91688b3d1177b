SELECT {reservation r} FROM ticket_reservations r WHERE r.id = $1::uuid
