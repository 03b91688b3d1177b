-- The lines that the carts show (cart_shows_line), found without a look at the others: those taken
-- out of one stay in the table, and a cart may be changed again and again.
SELECT {reservation r}
FROM ticket_reservations r
WHERE r.cart_id = ANY ($1::uuid[]) AND r.status IN ('active', 'completed', 'expired')
UNION ALL
SELECT {reservation r}
FROM ticketd.carts c
JOIN ticket_reservations r
    ON r.cart_id = c.id AND r.status = 'released' AND r.updated_at = c.updated_at
WHERE c.id = ANY ($1::uuid[]) AND c.status = 'released'
ORDER BY id
