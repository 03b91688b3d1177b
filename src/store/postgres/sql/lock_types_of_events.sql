-- As lock_types, and all the types of the events that may be changed ($4): whoever sells has read the
-- event under the lock of a type of it. Those are locked; the last columns say whether a type is part
-- of the batch, and whether it is of one of these events.
WITH wanted AS (
    SELECT unnest($1::uuid[]) AS id
    UNION
    SELECT r.ticket_type_id FROM ticket_reservations r WHERE r.id = ANY ($2::uuid[])
    UNION
    SELECT r.ticket_type_id FROM ticket_reservations r WHERE r.cart_id = ANY ($3::uuid[])
)
SELECT {type t}, t.id IN (SELECT w.id FROM wanted w) AS is_wanted,
    t.event_id = ANY ($4::uuid[]) AS is_of_event
FROM ticket_types t
WHERE t.id IN (
    SELECT w.id FROM wanted w
    UNION
    SELECT o.id FROM ticket_types o WHERE o.event_id = ANY ($4::uuid[]))
ORDER BY t.id
FOR NO KEY UPDATE OF t
