-- The last line ends the transaction (division by zero) where the rows are not as they were read.
WITH written AS (
    UPDATE ticketd.api_keys k
    SET
        name = u.name, role = u.role, event_ids = u.event_ids::uuid[], secret_hash = u.secret_hash,
        expires_at = u.expires_at, last_used_at = u.last_used_at, revoked_at = u.revoked_at
    FROM unnest(
        $1::uuid[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::timestamptz[],
        $7::timestamptz[], $8::timestamptz[], $9::timestamptz[]) u (
        id, name, role, event_ids, secret_hash, created_at, expires_at, last_used_at, revoked_at)
    WHERE k.id = u.id
    RETURNING 1
)
SELECT 1 / (CASE WHEN count(*) = $10::int8 THEN 1 ELSE 0 END) FROM written
