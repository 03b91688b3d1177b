-- As lock_types, where nothing but types is named.
SELECT {type t}
FROM ticket_types t
WHERE t.id = ANY ($1::uuid[])
ORDER BY t.id
FOR NO KEY UPDATE OF t
