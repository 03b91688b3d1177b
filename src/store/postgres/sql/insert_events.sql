INSERT INTO events (
    id, name, description, venue_id, start_date, end_date, created_at, updated_at, published,
    featured, image_url, currency, time_zone, archived_at, version)
SELECT
    unnest($1::uuid[]), unnest($2::text[]), unnest($3::text[]), unnest($4::uuid[]),
    unnest($5::timestamptz[]), unnest($6::timestamptz[]), unnest($7::timestamptz[]),
    unnest($8::timestamptz[]), unnest($9::bool[]), unnest($10::bool[]), unnest($11::text[]),
    unnest($12::text[]), unnest($13::text[]), unnest($14::timestamptz[]), unnest($15::int8[])
