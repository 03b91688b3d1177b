-- Waits until whoever wrote this key has ended, one way or the other. Rolled back afterwards.
INSERT INTO ticketd.idempotency_keys (principal, key, fingerprint, outcome, created_at)
VALUES ($1::uuid, $2::text, '', '', statement_timestamp())
ON CONFLICT DO NOTHING
