-- The words of the partial index, so that it is used.
SELECT l.*
FROM inventory_audit_log l
WHERE l.ticket_type_id = ?1 AND l.seq <= ?4
    AND (l.action = 'increase' OR l.action = 'decrease' OR l.action = 'refund')
ORDER BY l.seq DESC
