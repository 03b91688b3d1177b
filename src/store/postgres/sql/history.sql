-- At each instant in $2: the counts of type $1 as the last entry by then left them, and what had expired by then: in entries
-- written later (the first batch after it that touches the type begins with them, so that the first
-- entry of another kind ends the search), and in none so far.
SELECT t.created_at, s.seq, l.new_total, l.new_sold, l.new_reserved,
    (SELECT coalesce(sum(w.quantity), 0)::int8
     FROM inventory_audit_log w
     WHERE w.ticket_type_id = s.id AND w.seq > s.seq AND w.effective_at <= s.at
        AND w.seq < coalesce((
            SELECT o.seq
            FROM inventory_audit_log o
            WHERE o.ticket_type_id = s.id AND o.seq > s.seq AND o.effective_at IS NULL
            ORDER BY o.seq
            LIMIT 1), 9223372036854775807))
    + (SELECT coalesce(sum(r.quantity), 0)::int8
       FROM ticket_reservations r
       WHERE r.ticket_type_id = s.id AND r.status = 'active'
        AND r.expires_at <= least(s.at, current_setting('ticketd.now')::timestamptz))
FROM (
    SELECT s.id, s.at, s.number, {seq_at_part} AS seq
    FROM (
        SELECT $1::uuid AS id, a.at, a.number
        FROM unnest($2::timestamptz[]) WITH ORDINALITY a (at, number)
        OFFSET 0) s
    OFFSET 0) s
JOIN ticket_types t ON t.id = s.id
LEFT JOIN inventory_audit_log l ON l.ticket_type_id = s.id AND l.seq = s.seq
ORDER BY s.number
