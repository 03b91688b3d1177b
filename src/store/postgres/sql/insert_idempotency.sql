INSERT INTO ticketd.idempotency_keys (principal, key, fingerprint, outcome, created_at)
SELECT u.principal, u.key, u.fingerprint, u.outcome, current_setting('ticketd.now')::timestamptz
FROM (
    SELECT
        unnest($1::uuid[]) AS principal, unnest($2::text[]) AS key,
        unnest($3::bytea[]) AS fingerprint, unnest($4::bytea[]) AS outcome) u
