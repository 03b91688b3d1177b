-- What shift $1 has counted, and, with true, what the log's entries that name it add up to.
SELECT {shift_total t}, false
FROM ticketd.shift_totals t
WHERE t.shift_id = $1::uuid
UNION ALL
SELECT e.shift_id,
    coalesce(e.tender, ''),
    count(DISTINCT coalesce(r.cart_id, r.id)) FILTER (WHERE e.action = 'sale'),
    coalesce(sum(e.quantity) FILTER (WHERE e.action = 'sale'), 0)::int8,
    coalesce(sum(e.quantity) FILTER (WHERE e.action = 'refund'), 0)::int8,
    coalesce(sum(e.quantity::int8 * r.unit_price) FILTER (WHERE e.action = 'sale'), 0)::int8,
    coalesce(sum(e.quantity::int8 * r.unit_price) FILTER (WHERE e.action = 'refund'), 0)::int8,
    true
FROM inventory_audit_log e JOIN ticket_reservations r ON r.id = e.reservation_id
WHERE e.shift_id = $1::uuid
GROUP BY 1, 2
LIMIT $2::int8
