SELECT {event e}
FROM events e
WHERE e.id = ANY ($1::uuid[])
ORDER BY e.id
FOR NO KEY UPDATE OF e
