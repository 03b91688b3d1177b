SELECT c.* FROM carts c WHERE c.id = ?1
