-- An operator's open one that was closed while its lock was waited for is no longer of interest.
SELECT {shift s}
FROM ticketd.shifts s
WHERE s.id = ANY ($1::uuid[]) OR (s.operator_id = ANY ($2::uuid[]) AND s.closed_at IS NULL)
ORDER BY s.id
FOR NO KEY UPDATE OF s
