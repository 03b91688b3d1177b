-- Sums of what was sold of type $1 at or after $2 and before c.at, where $5 sales have been passed,
-- or $3; $4: where buckets of time begin. What was sold at one instant stays together.
SELECT c.at, min(r.completed_at), r.channel, r.tender, r.sold_by, sum(r.quantity)::int8,
    sum(r.quantity::int8 * r.unit_price::int8)::int8
FROM (
    SELECT coalesce((
        SELECT greatest(w.completed_at, $2::timestamptz + interval '1 microsecond')
        FROM ticket_reservations w
        WHERE w.ticket_type_id = $1::uuid AND w.status = 'completed'
            AND w.completed_at >= $2::timestamptz AND w.completed_at < $3::timestamptz
        ORDER BY w.completed_at
        OFFSET $5::int8
        LIMIT 1), $3::timestamptz) AS at
    OFFSET 0) c
LEFT JOIN ticket_reservations r
    ON r.ticket_type_id = $1::uuid AND r.status = 'completed'
    AND r.completed_at >= $2::timestamptz AND r.completed_at < c.at
GROUP BY c.at, width_bucket(r.completed_at, $4::timestamptz[]), r.channel, r.tender, r.sold_by
