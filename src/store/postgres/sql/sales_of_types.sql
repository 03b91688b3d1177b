-- As reservations, for each of several types ($13) from a place of its own on.
SELECT {reservation r}, r.examined, s.number
FROM unnest($13::uuid[], $14::timestamptz[], $15::uuid[]) WITH ORDINALITY s (type, at, id, number)
CROSS JOIN LATERAL (
    SELECT *
    FROM (
        SELECT r.*, row_number() OVER (ORDER BY r.completed_at DESC, r.id DESC) AS examined
        FROM ticket_reservations r
        WHERE r.ticket_type_id = s.type AND r.status = 'completed'
            AND (r.completed_at, r.id) < (s.at, s.id)
            AND r.completed_at >= coalesce($11::timestamptz, '-infinity')
            AND r.completed_at < coalesce($12::timestamptz, 'infinity')
        ORDER BY r.completed_at DESC, r.id DESC
        LIMIT $16::int8) r
    WHERE r.examined = $16::int8 OR ({line_filter_part})
    ORDER BY r.completed_at DESC, r.id DESC
    LIMIT $17::int8) r
ORDER BY s.number, r.completed_at DESC, r.id DESC
