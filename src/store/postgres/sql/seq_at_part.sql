-- The largest seq of type s.id whose entry was created by s.at, 0 for none: created_at never falls
-- along seq, so that a bisection finds it without an index on both.
(WITH RECURSIVE search (low, high) AS (
    SELECT 0::int8, coalesce((
        SELECT l.seq
        FROM inventory_audit_log l
        WHERE l.ticket_type_id = s.id AND l.seq IS NOT NULL
        ORDER BY l.seq DESC
        LIMIT 1), 0)
    UNION ALL
    SELECT
        CASE WHEN e.created_at <= s.at THEN e.seq ELSE b.low END,
        CASE WHEN e.created_at <= s.at THEN b.high ELSE b.low + (b.high - b.low + 1) / 2 - 1 END
    FROM search b
    LEFT JOIN LATERAL (
        SELECT l.seq, l.created_at
        FROM inventory_audit_log l
        WHERE l.ticket_type_id = s.id AND l.seq >= b.low + (b.high - b.low + 1) / 2
        ORDER BY l.seq
        LIMIT 1) e ON true
    WHERE b.low < b.high
)
SELECT b.low FROM search b WHERE b.low >= b.high LIMIT 1)
