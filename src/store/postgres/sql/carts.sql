SELECT {cart c} FROM ticketd.carts c WHERE c.id = ANY ($1::uuid[]) ORDER BY c.id
