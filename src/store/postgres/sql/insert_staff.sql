INSERT INTO ticketd.staff (
    id, email, name, password_hash, created_at, updated_at, archived_at, version)
SELECT
    unnest($1::uuid[]), unnest($2::text[]), unnest($3::text[]), unnest($4::text[]),
    unnest($5::timestamptz[]), unnest($6::timestamptz[]), unnest($7::timestamptz[]),
    unnest($8::int8[])
