SELECT {cart c} FROM ticketd.carts c WHERE c.id = $1::uuid
