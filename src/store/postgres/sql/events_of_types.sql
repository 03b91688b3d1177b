SELECT {event e}
FROM events e
WHERE e.id IN (
    SELECT t.event_id
    FROM ticket_types t
    WHERE t.id IN (
        SELECT unnest($1::uuid[])
        UNION
        SELECT r.ticket_type_id FROM ticket_reservations r WHERE r.id = ANY ($2::uuid[])
        UNION
        SELECT r.ticket_type_id FROM ticket_reservations r WHERE r.cart_id = ANY ($3::uuid[])))
