-- Behind the venue $1, or from the start; in the order of bytes, which is the same everywhere.
SELECT {venue v}
FROM venues v
WHERE $1::uuid IS NULL
    OR (v.name COLLATE "C", v.id) >
        (SELECT a.name COLLATE "C", a.id FROM venues a WHERE a.id = $1::uuid)
ORDER BY v.name COLLATE "C", v.id
LIMIT $2::int8
