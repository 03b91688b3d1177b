-- As shifts.sql, found by the index of those that are open: they are few.
SELECT s.*, t.*
FROM (
    SELECT x.*
    FROM shifts x
    WHERE +x.id >= ?1 AND +x.id <= ?2 AND x.id <> ?3
        AND (?4 IS NULL OR x.operator_id = ?4) AND (?5 IS NULL OR x.operator_id = ?5)
        AND (?6 IS NULL OR x.opened_at >= ?6) AND (?7 IS NULL OR x.opened_at < ?7)
        AND x.closed_at IS NULL
    ORDER BY x.id DESC
    LIMIT ?8
) s LEFT JOIN shift_totals t ON t.shift_id = s.id
ORDER BY s.id DESC, t.tender
