-- Of each of several types ($13) the entries below its seq ($14) and above $12: $15 are looked at,
-- given are those that the filter may take, and the one looked at last; $16 at most.
SELECT {entry l}, l.examined, s.number
FROM unnest($13::uuid[], $14::int8[]) WITH ORDINALITY s (type, seq, number)
CROSS JOIN LATERAL (
    SELECT *
    FROM (
        SELECT l.*, row_number() OVER (ORDER BY l.seq DESC) AS examined
        FROM inventory_audit_log l
        WHERE l.ticket_type_id = s.type AND l.seq < s.seq AND l.seq > $12::int8
        ORDER BY l.seq DESC
        LIMIT $15::int8) l
    WHERE l.examined = $15::int8 OR ({entry_filter_part})
    ORDER BY l.seq DESC
    LIMIT $16::int8) l
ORDER BY s.number, l.seq DESC
