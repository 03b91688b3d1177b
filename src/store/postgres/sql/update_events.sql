-- The last line ends the transaction (division by zero) where the rows are not as they were read.
WITH written AS (
    UPDATE events e
    SET
        name = u.name, description = u.description, venue_id = u.venue_id,
        start_date = u.start_date, end_date = u.end_date, updated_at = u.updated_at,
        published = u.published, featured = u.featured, image_url = u.image_url,
        currency = u.currency, time_zone = u.time_zone, archived_at = u.archived_at,
        version = u.version
    FROM unnest(
        $1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::timestamptz[], $6::timestamptz[],
        $7::timestamptz[], $8::timestamptz[], $9::bool[], $10::bool[], $11::text[], $12::text[],
        $13::text[], $14::timestamptz[], $15::int8[]) u (
        id, name, description, venue_id, start_date, end_date, created_at, updated_at, published,
        featured, image_url, currency, time_zone, archived_at, version)
    WHERE e.id = u.id AND e.version < u.version
    RETURNING 1
)
SELECT 1 / (CASE WHEN count(*) = $16::int8 THEN 1 ELSE 0 END) FROM written
