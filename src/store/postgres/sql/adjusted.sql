-- Sums of the refunds, increases and decreases of type $1 at or after $2 and before c.at, where $5 of
-- them have been passed, or $3; $4: where buckets of time begin. What was done at one instant stays
-- together; c.seq keeps later entries from being looked at. In the words of the partial index, so
-- that it is used. A refund gives back the price of its sale.
SELECT c.at, min(l.created_at), l.action, l.channel, l.tender, l.actor_kind, l.actor_id,
    sum(l.quantity)::int8, coalesce(sum(l.quantity::int8 * r.unit_price::int8), 0)::int8,
    sum(greatest(l.new_total - l.previous_total, 0))::int8,
    sum(greatest(l.previous_total - l.new_total, 0))::int8
FROM (
    SELECT s.id, {seq_at_part} AS seq
    FROM (
        SELECT $1::uuid AS id, $2::timestamptz - interval '1 microsecond' AS at OFFSET 0) s
    OFFSET 0) f
CROSS JOIN LATERAL (
    SELECT coalesce(min(w.at), $3::timestamptz) AS at,
        coalesce(min(w.seq), 9223372036854775807) AS seq
    FROM (
        SELECT greatest(l.created_at, $2::timestamptz + interval '1 microsecond') AS at,
            CASE WHEN l.created_at > $2::timestamptz THEN l.seq END AS seq
        FROM inventory_audit_log l
        WHERE l.ticket_type_id = f.id AND l.seq > f.seq
            AND l.action IN ('increase', 'decrease', 'refund') AND l.created_at < $3::timestamptz
        ORDER BY l.seq
        OFFSET $5::int8
        LIMIT 1) w
    OFFSET 0) c
LEFT JOIN inventory_audit_log l
    ON l.ticket_type_id = f.id AND l.seq > f.seq AND l.seq < c.seq
    AND l.action IN ('increase', 'decrease', 'refund') AND l.created_at < c.at
LEFT JOIN ticket_reservations r ON r.id = l.reservation_id
GROUP BY c.at, width_bucket(l.created_at, $4::timestamptz[]), l.action, l.channel, l.tender,
    l.actor_kind, l.actor_id
