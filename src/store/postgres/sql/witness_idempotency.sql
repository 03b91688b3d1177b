-- Is the key's answer the one that was to be written? A twin's has ids and times of its own, and one
-- that was only probed for has none. Locked, so that the COMMIT behind it waits for a standby.
SELECT k.outcome = $3::bytea
FROM ticketd.idempotency_keys k
WHERE k.principal = $1::uuid AND k.key = $2::text
FOR NO KEY UPDATE OF k
