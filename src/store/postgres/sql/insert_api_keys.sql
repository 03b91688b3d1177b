INSERT INTO ticketd.api_keys (
    id, name, role, event_ids, secret_hash, created_at, expires_at, last_used_at, revoked_at)
SELECT
    u.id, u.name, u.role, u.event_ids::uuid[], u.secret_hash, u.created_at, u.expires_at,
    u.last_used_at, u.revoked_at
FROM (
    SELECT
        unnest($1::uuid[]) AS id, unnest($2::text[]) AS name, unnest($3::text[]) AS role,
        unnest($4::text[]) AS event_ids, unnest($5::bytea[]) AS secret_hash,
        unnest($6::timestamptz[]) AS created_at, unnest($7::timestamptz[]) AS expires_at,
        unnest($8::timestamptz[]) AS last_used_at, unnest($9::timestamptz[]) AS revoked_at) u
