-- What shift ?1 has counted, and, with 1, what the log's entries that name it add up to.
SELECT t.*, 0
FROM shift_totals t
WHERE t.shift_id = ?1
UNION ALL
SELECT e.shift_id,
    coalesce(e.tender, '') AS tender,
    count(DISTINCT CASE WHEN e.action = 'sale' THEN coalesce(r.cart_id, r.id) END),
    sum(CASE WHEN e.action = 'sale' THEN e.quantity ELSE 0 END),
    sum(CASE WHEN e.action = 'refund' THEN e.quantity ELSE 0 END),
    sum(CASE WHEN e.action = 'sale' THEN e.quantity * r.unit_price ELSE 0 END),
    sum(CASE WHEN e.action = 'refund' THEN e.quantity * r.unit_price ELSE 0 END),
    1
FROM inventory_audit_log e JOIN ticket_reservations r ON r.id = e.reservation_id
WHERE e.shift_id = ?1
GROUP BY 1, 2
LIMIT ?2
