-- Sums of the refunds, increases and decreases of type $1 at or after $2 and before $3; $4: where
-- buckets of time begin. In the words of the partial index, so that it is used. A refund gives back
-- the price of its sale.
SELECT min(l.created_at), l.action, l.channel, l.tender, l.actor_kind, l.actor_id,
    sum(l.quantity)::int8, coalesce(sum(l.quantity::int8 * r.unit_price::int8), 0)::int8,
    sum(greatest(l.new_total - l.previous_total, 0))::int8,
    sum(greatest(l.previous_total - l.new_total, 0))::int8
FROM (
    SELECT s.id, {seq_at_part} AS seq
    FROM (
        SELECT $1::uuid AS id, $2::timestamptz - interval '1 microsecond' AS at OFFSET 0) s
    OFFSET 0) f
JOIN inventory_audit_log l
    ON l.ticket_type_id = f.id AND l.seq > f.seq
    AND l.action IN ('increase', 'decrease', 'refund') AND l.created_at < $3::timestamptz
LEFT JOIN ticket_reservations r ON r.id = l.reservation_id
GROUP BY width_bucket(l.created_at, $4::timestamptz[]), l.action, l.channel, l.tender,
    l.actor_kind, l.actor_id
