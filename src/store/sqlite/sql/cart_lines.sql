-- The lines that the cart shows (cart_shows_line): those taken out of it stay in the table, and a
-- cart that is changed again and again would otherwise load ever more of them.
SELECT r.*
FROM ticket_reservations r
JOIN carts c ON c.id = r.cart_id
WHERE r.cart_id = ?1
    AND (r.status <> 'released' OR (c.status = 'released' AND r.updated_at = c.updated_at))
ORDER BY r.id
