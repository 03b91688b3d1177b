SELECT s.* FROM shifts s WHERE s.id = ?1
