-- As shifts.sql, by the index of those that are open: they are few.
SELECT {shift s}, {shift_total t}
FROM (
    SELECT x.*
    FROM ticketd.shifts x
    WHERE x.id >= $1::uuid AND x.id <= $2::uuid AND x.id <> $3::uuid
        AND ($4::uuid IS NULL OR x.operator_id = $4) AND ($5::uuid IS NULL OR x.operator_id = $5)
        AND x.opened_at >= $6::timestamptz AND x.opened_at < $7::timestamptz
        AND x.closed_at IS NULL
    ORDER BY x.id DESC
    LIMIT $8::int8
) s LEFT JOIN ticketd.shift_totals t ON t.shift_id = s.id
ORDER BY s.id DESC, t.tender COLLATE "C"
