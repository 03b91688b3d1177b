SELECT
    (SELECT coalesce(sum(quantity), 0) FROM ticket_reservations
     WHERE ticket_type_id = ?1 AND status = 'active'),
    (SELECT count(*) FROM ticket_reservations WHERE ticket_type_id = ?1 AND status = 'active'),
    (SELECT coalesce(sum(quantity - refunded_quantity), 0) FROM ticket_reservations
     WHERE ticket_type_id = ?1 AND status = 'completed')
