-- The last line ends the transaction (division by zero) where the rows are not as they were read.
WITH written AS (
    UPDATE events e
    SET
        name = u.name, description = u.description, venue_id = u.venue_id,
        start_date = u.start_date, end_date = u.end_date, updated_at = u.updated_at,
        published = u.published, featured = u.featured, image_url = u.image_url,
        currency = u.currency, time_zone = u.time_zone, archived_at = u.archived_at,
        version = u.version
    FROM (
        SELECT
            unnest($1::uuid[]) AS id, unnest($2::text[]) AS name,
            unnest($3::text[]) AS description, unnest($4::uuid[]) AS venue_id,
            unnest($5::timestamptz[]) AS start_date, unnest($6::timestamptz[]) AS end_date,
            unnest($7::timestamptz[]) AS created_at, unnest($8::timestamptz[]) AS updated_at,
            unnest($9::bool[]) AS published, unnest($10::bool[]) AS featured,
            unnest($11::text[]) AS image_url, unnest($12::text[]) AS currency,
            unnest($13::text[]) AS time_zone, unnest($14::timestamptz[]) AS archived_at,
            unnest($15::int8[]) AS version) u
    WHERE e.id = u.id AND e.version < u.version
    RETURNING 1
)
SELECT 1 / (CASE WHEN count(*) = $16::int8 THEN 1 ELSE 0 END) FROM written
