-- OFFSET 0: found by the cart, and not one by one in the order of all reservations.
SELECT {reservation r}
FROM (
    SELECT * FROM ticket_reservations r WHERE r.cart_id = $1::uuid AND r.id < $2::uuid OFFSET 0) r
ORDER BY r.id DESC
LIMIT $3::int8
