INSERT INTO ticketd.api_keys (
    id, name, role, event_ids, secret_hash, created_at, expires_at, last_used_at, revoked_at)
SELECT
    u.id, u.name, u.role, u.event_ids::uuid[], u.secret_hash, u.created_at, u.expires_at,
    u.last_used_at, u.revoked_at
FROM unnest(
    $1::uuid[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::timestamptz[],
    $7::timestamptz[], $8::timestamptz[], $9::timestamptz[]) u (
    id, name, role, event_ids, secret_hash, created_at, expires_at, last_used_at, revoked_at)
