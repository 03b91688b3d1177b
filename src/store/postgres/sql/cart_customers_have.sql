-- As customers_have, of the people whom the carts name.
SELECT w.ticket_type_id, c.user_id, (
    SELECT coalesce(sum(r.quantity - r.refunded_quantity), 0)::int8
    FROM ticket_reservations r
    WHERE r.limited_user_id = c.user_id AND r.ticket_type_id = w.ticket_type_id
        AND (r.status = 'completed'
            OR (r.status = 'active'
                AND r.expires_at > current_setting('ticketd.now')::timestamptz)))
FROM (SELECT unnest($1::uuid[]) AS ticket_type_id, unnest($2::uuid[]) AS cart_id) w
JOIN ticketd.carts c ON c.id = w.cart_id AND c.user_id IS NOT NULL
JOIN ticket_types t ON t.id = w.ticket_type_id AND t.max_per_customer IS NOT NULL
