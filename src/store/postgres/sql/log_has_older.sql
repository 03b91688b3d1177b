-- Is there an entry with a seq at or before $1? Those without one may be millions, and are the oldest.
SELECT 1
FROM ticket_types t
CROSS JOIN LATERAL (
    SELECT l.created_at
    FROM inventory_audit_log l
    WHERE l.ticket_type_id = t.id AND l.seq IS NOT NULL
    ORDER BY l.seq
    LIMIT 1) l
WHERE l.created_at <= $1::timestamptz
LIMIT 1
