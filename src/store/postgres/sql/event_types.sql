{type_reading_part}
WHERE t.event_id = $1::uuid AND t.id > coalesce($2::uuid, '00000000-0000-0000-0000-000000000000')
ORDER BY t.id
LIMIT $3::int8
