-- Behind the venue ?1, or from the start.
SELECT v.*
FROM venues v
WHERE ?1 IS NULL OR (v.name, v.id) > (SELECT a.name, a.id FROM venues a WHERE a.id = ?1)
ORDER BY v.name, v.id
