-- The last line ends the transaction (division by zero) where the rows are not as they were read.
WITH written AS (
    UPDATE ticketd.sessions x
    SET last_seen_at = u.last_seen_at, expires_at = u.expires_at
    FROM (
        SELECT
            unnest($1::bytea[]) AS id, unnest($2::uuid[]) AS staff_id,
            unnest($3::timestamptz[]) AS created_at, unnest($4::timestamptz[]) AS last_seen_at,
            unnest($5::timestamptz[]) AS expires_at) u
    WHERE x.id_hash = u.id
    RETURNING 1
)
SELECT 1 / (CASE WHEN count(*) = $6::int8 THEN 1 ELSE 0 END) FROM written
