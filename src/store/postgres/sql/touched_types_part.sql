    SELECT unnest($1::uuid[]) AS id
    UNION
    SELECT r.ticket_type_id FROM ticket_reservations r WHERE r.id = ANY ($2::uuid[])
    UNION
    SELECT r.ticket_type_id FROM ticket_reservations r WHERE r.cart_id = ANY ($3::uuid[])
