{type_reading_part}
WHERE t.id = $1::uuid
