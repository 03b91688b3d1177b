-- As log_of_types, of the whole log. What was written before ticketd has no seq and does not belong;
-- as the one looked at last it may be among the rows.
SELECT {entry l}, l.examined
FROM (
    SELECT l.*,
        row_number() OVER (ORDER BY l.created_at DESC, l.ticket_type_id DESC, l.seq DESC) AS examined
    FROM inventory_audit_log l
    WHERE l.created_at <= $13::timestamptz
        AND (l.created_at, l.ticket_type_id, l.seq) < ($13::timestamptz, $14::uuid, $15::int8)
        AND l.created_at >= coalesce($10::timestamptz, '-infinity')
    ORDER BY l.created_at DESC, l.ticket_type_id DESC, l.seq DESC
    LIMIT $16::int8) l
WHERE l.examined = $16::int8
    OR (l.seq > $12::int8 AND {entry_filter_part})
ORDER BY l.created_at DESC, l.ticket_type_id DESC, l.seq DESC
LIMIT $17::int8
