SELECT {venue v}
FROM venues v
WHERE v.id = ANY ($1::uuid[])
ORDER BY v.id
FOR NO KEY UPDATE OF v
