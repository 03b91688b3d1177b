-- The last line ends the transaction (division by zero) where the rows are not as they were read.
WITH written AS (
    UPDATE ticketd.api_keys k
    SET
        name = u.name, role = u.role, event_ids = u.event_ids::uuid[], secret_hash = u.secret_hash,
        expires_at = u.expires_at, last_used_at = u.last_used_at, revoked_at = u.revoked_at
    FROM (
        SELECT
            unnest($1::uuid[]) AS id, unnest($2::text[]) AS name, unnest($3::text[]) AS role,
            unnest($4::text[]) AS event_ids, unnest($5::bytea[]) AS secret_hash,
            unnest($6::timestamptz[]) AS created_at, unnest($7::timestamptz[]) AS expires_at,
            unnest($8::timestamptz[]) AS last_used_at, unnest($9::timestamptz[]) AS revoked_at) u
    WHERE k.id = u.id
    RETURNING 1
)
SELECT 1 / (CASE WHEN count(*) = $10::int8 THEN 1 ELSE 0 END) FROM written
