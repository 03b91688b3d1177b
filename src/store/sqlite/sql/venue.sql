SELECT v.* FROM venues v WHERE v.id = ?1
