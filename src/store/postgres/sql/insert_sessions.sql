INSERT INTO ticketd.sessions (id_hash, staff_id, created_at, last_seen_at, expires_at)
SELECT u.id, u.staff_id, u.created_at, u.last_seen_at, u.expires_at
FROM (
    SELECT
        unnest($1::bytea[]) AS id, unnest($2::uuid[]) AS staff_id,
        unnest($3::timestamptz[]) AS created_at, unnest($4::timestamptz[]) AS last_seen_at,
        unnest($5::timestamptz[]) AS expires_at) u
