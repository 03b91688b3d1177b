-- LIMIT keeps it one look into the index for each key, whatever the statistics say: planned while the
-- table was known to be empty, a join would read all keys for each batch of the rush that follows.
SELECT k.principal, k.key, k.fingerprint, k.outcome
FROM (SELECT unnest($1::uuid[]) AS principal, unnest($2::text[]) AS key) w
CROSS JOIN LATERAL (
    SELECT i.principal, i.key, i.fingerprint, i.outcome
    FROM ticketd.idempotency_keys i
    WHERE i.principal = w.principal AND i.key = w.key
    LIMIT 1) k
