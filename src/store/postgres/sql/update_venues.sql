-- The last line ends the transaction (division by zero) where the rows are not as they were read.
WITH written AS (
    UPDATE venues v
    SET
        name = u.name, address = u.address, time_zone = u.time_zone, updated_at = u.updated_at,
        archived_at = u.archived_at, version = u.version
    FROM unnest(
        $1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[],
        $7::timestamptz[], $8::int8[]) u (
        id, name, address, time_zone, created_at, updated_at, archived_at, version)
    WHERE v.id = u.id AND v.version < u.version
    RETURNING 1
)
SELECT 1 / (CASE WHEN count(*) = $9::int8 THEN 1 ELSE 0 END) FROM written
