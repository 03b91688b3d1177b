SELECT {venue v} FROM venues v WHERE v.id = $1::uuid
