-- The only lock that sales take: the ticket types named ($1), those of reservations ($2) and those of
-- carts ($3), in the order of their ids, so that no two batches wait for each other. What is read
-- later is read after the wait.
SELECT {type t}
FROM ticket_types t
WHERE t.id IN (
{touched_types_part})
ORDER BY t.id
FOR NO KEY UPDATE OF t
