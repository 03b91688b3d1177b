INSERT INTO ticketd.idempotency_keys (principal, key, fingerprint, outcome, created_at)
SELECT u.principal, u.key, u.fingerprint, u.outcome, current_setting('ticketd.now')::timestamptz
FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::bytea[]) u (principal, key, fingerprint,
outcome)
