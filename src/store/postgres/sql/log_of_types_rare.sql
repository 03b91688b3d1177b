-- As log_of_types, in the words of the partial index, so that it is used.
SELECT {entry l}, l.examined, s.number
FROM unnest($13::uuid[], $14::int8[]) WITH ORDINALITY s (type, seq, number)
CROSS JOIN LATERAL (
    SELECT *
    FROM (
        SELECT l.*, row_number() OVER (ORDER BY l.seq DESC) AS examined
        FROM inventory_audit_log l
        WHERE l.ticket_type_id = s.type AND l.seq < s.seq AND l.seq > $12::int8
            AND l.action IN ('increase', 'decrease', 'refund')
        ORDER BY l.seq DESC
        LIMIT $15::int8) l
    WHERE l.examined = $15::int8 OR ({entry_filter_part})
    ORDER BY l.seq DESC
    LIMIT $16::int8) l
ORDER BY s.number, l.seq DESC
