SELECT {event e}
FROM events e
WHERE (e.start_date, e.id) < ($1::timestamptz, $2::uuid)
ORDER BY e.start_date DESC, e.id DESC
LIMIT $3::int8
