-- Behind the lock: what a statement with the lock in it would join could be older than the wait.
SELECT {shift_total t}
FROM ticketd.shift_totals t
JOIN ticketd.shifts s ON s.id = t.shift_id
WHERE s.id = ANY ($1::uuid[]) OR (s.operator_id = ANY ($2::uuid[]) AND s.closed_at IS NULL)
ORDER BY t.shift_id, t.tender COLLATE "C"
