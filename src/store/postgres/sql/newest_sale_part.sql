(SELECT r.completed_at
    FROM ticket_reservations r
    WHERE r.ticket_type_id = t.id AND r.status = 'completed' AND r.completed_at <= $1::timestamptz
    ORDER BY r.completed_at DESC
    LIMIT 1)
