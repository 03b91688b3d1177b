-- The last line ends the transaction (division by zero) where the rows are not as they were read.
WITH written AS (
    UPDATE venues v
    SET
        name = u.name, address = u.address, time_zone = u.time_zone, updated_at = u.updated_at,
        archived_at = u.archived_at, version = u.version
    FROM (
        SELECT
            unnest($1::uuid[]) AS id, unnest($2::text[]) AS name, unnest($3::text[]) AS address,
            unnest($4::text[]) AS time_zone, unnest($5::timestamptz[]) AS created_at,
            unnest($6::timestamptz[]) AS updated_at, unnest($7::timestamptz[]) AS archived_at,
            unnest($8::int8[]) AS version) u
    WHERE v.id = u.id AND v.version < u.version
    RETURNING 1
)
SELECT 1 / (CASE WHEN count(*) = $9::int8 THEN 1 ELSE 0 END) FROM written
