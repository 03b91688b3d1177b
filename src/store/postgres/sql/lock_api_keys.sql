SELECT {api_key k}
FROM ticketd.api_keys k
WHERE k.id = ANY ($1::uuid[])
ORDER BY k.id
FOR NO KEY UPDATE OF k
