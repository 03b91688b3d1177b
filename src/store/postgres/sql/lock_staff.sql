-- All of them where $2 says so. What goes with them is read after this one: it could have been
-- waiting.
SELECT s.id
FROM ticketd.staff s
WHERE s.id = ANY ($1::uuid[]) OR $2::int8 > 0
ORDER BY s.id
FOR NO KEY UPDATE OF s
