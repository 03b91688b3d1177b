INSERT INTO events (
    id, name, description, venue_id, start_date, end_date, created_at, updated_at, published,
    featured, image_url, currency, time_zone, archived_at, version)
SELECT *
FROM unnest(
    $1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::timestamptz[], $6::timestamptz[],
    $7::timestamptz[], $8::timestamptz[], $9::bool[], $10::bool[], $11::text[], $12::text[],
    $13::text[], $14::timestamptz[], $15::int8[]) u (
    id, name, description, venue_id, start_date, end_date, created_at, updated_at, published,
    featured, image_url, currency, time_zone, archived_at, version)
