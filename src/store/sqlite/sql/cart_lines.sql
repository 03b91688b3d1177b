-- The lines that the cart shows (cart_shows_line), found without a look at the others: those taken
-- out of it stay in the table, and a cart may be changed again and again.
SELECT r.*
FROM ticket_reservations r
WHERE r.cart_id = ?1 AND r.status IN ('active', 'completed', 'expired')
UNION ALL
SELECT r.*
FROM carts c
JOIN ticket_reservations r
    ON r.cart_id = c.id AND r.status = 'released' AND r.updated_at = c.updated_at
WHERE c.id = ?1 AND c.status = 'released'
ORDER BY id
