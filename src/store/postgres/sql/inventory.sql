{type_reading_part}
WHERE t.event_id = $1::uuid
ORDER BY t.created_at, t.id
