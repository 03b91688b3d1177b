SELECT e.* FROM events e WHERE e.id = ?1
