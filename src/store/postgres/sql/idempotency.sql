SELECT k.principal, k.key, k.fingerprint, k.outcome
FROM unnest($1::uuid[], $2::text[]) w (principal, key)
JOIN ticketd.idempotency_keys k ON k.principal = w.principal AND k.key = w.key
