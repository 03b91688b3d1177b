SELECT {event e} FROM events e WHERE e.id = $1::uuid
