-- The last line ends the transaction (division by zero) where the rows are not as they were read.
WITH written AS (
    UPDATE ticketd.staff s
    SET
        email = u.email, name = u.name, password_hash = u.password_hash,
        updated_at = u.updated_at, archived_at = u.archived_at, version = u.version
    FROM (
        SELECT
            unnest($1::uuid[]) AS id, unnest($2::text[]) AS email, unnest($3::text[]) AS name,
            unnest($4::text[]) AS password_hash, unnest($5::timestamptz[]) AS created_at,
            unnest($6::timestamptz[]) AS updated_at, unnest($7::timestamptz[]) AS archived_at,
            unnest($8::int8[]) AS version) u
    WHERE s.id = u.id
    RETURNING 1
)
SELECT 1 / (CASE WHEN count(*) = $9::int8 THEN 1 ELSE 0 END) FROM written
