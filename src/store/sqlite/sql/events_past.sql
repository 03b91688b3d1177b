SELECT e.*
FROM events e
WHERE (e.start_date, e.id) < (?1, ?2)
ORDER BY e.start_date DESC, e.id DESC
