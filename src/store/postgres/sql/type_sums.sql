SELECT {type t},
    (SELECT coalesce(sum(r.quantity), 0)::int8
     FROM ticket_reservations r
     WHERE r.ticket_type_id = t.id AND r.status = 'active'),
    (SELECT count(*)
     FROM ticket_reservations r
     WHERE r.ticket_type_id = t.id AND r.status = 'active'),
    (SELECT coalesce(sum(r.quantity - r.refunded_quantity), 0)::int8
     FROM ticket_reservations r
     WHERE r.ticket_type_id = t.id AND r.status = 'completed')
FROM ticket_types t
WHERE t.id = $1::uuid
