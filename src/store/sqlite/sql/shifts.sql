-- Newest first, from ?2 down to ?1 but for ?3; a row for each total, at least one for each shift.
SELECT s.*, t.*
FROM (
    SELECT x.*
    FROM shifts x
    WHERE x.id >= ?1 AND x.id <= ?2 AND x.id <> ?3
        AND (?4 IS NULL OR x.operator_id = ?4) AND (?5 IS NULL OR x.operator_id = ?5)
        AND (?6 IS NULL OR x.opened_at >= ?6) AND (?7 IS NULL OR x.opened_at < ?7)
        AND (?9 = 0 OR x.closed_at IS NOT NULL)
    ORDER BY x.id DESC
    LIMIT ?8
) s LEFT JOIN shift_totals t ON t.shift_id = s.id
ORDER BY s.id DESC, t.tender
