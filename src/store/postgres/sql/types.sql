{type_reading_part}
WHERE t.id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000')
ORDER BY t.id
LIMIT $2::int8
