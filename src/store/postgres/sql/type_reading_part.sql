SELECT {type t}, e.published, e.archived_at, e.currency, e.version,
    (SELECT coalesce(sum(r.quantity), 0)::int8
     FROM ticket_reservations r
     WHERE r.ticket_type_id = t.id AND r.status = 'active'
        AND r.expires_at <= current_setting('ticketd.now')::timestamptz),
    (SELECT r.expires_at
     FROM ticket_reservations r
     WHERE r.ticket_type_id = t.id AND r.status = 'active'
        AND r.expires_at > current_setting('ticketd.now')::timestamptz
     ORDER BY r.expires_at
     LIMIT 1),
    current_setting('ticketd.now')::timestamptz
FROM ticket_types t LEFT JOIN events e ON e.id = t.event_id
