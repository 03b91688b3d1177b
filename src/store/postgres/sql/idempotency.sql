SELECT k.principal, k.key, k.fingerprint, k.outcome
FROM (SELECT unnest($1::uuid[]) AS principal, unnest($2::text[]) AS key) w
JOIN ticketd.idempotency_keys k ON k.principal = w.principal AND k.key = w.key
