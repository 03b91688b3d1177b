INSERT INTO venues (
    id, name, address, time_zone, created_at, updated_at, archived_at, version)
SELECT *
FROM unnest(
    $1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[],
    $7::timestamptz[], $8::int8[]) u (
    id, name, address, time_zone, created_at, updated_at, archived_at, version)
