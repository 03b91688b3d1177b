LEFT JOIN LATERAL (
    SELECT l.seq, l.chain_hash
    FROM inventory_audit_log l
    WHERE l.ticket_type_id = t.id AND l.seq IS NOT NULL
    ORDER BY l.seq DESC
    LIMIT 1) l ON true
LEFT JOIN LATERAL (
    SELECT r.expires_at
    FROM ticket_reservations r
    WHERE r.ticket_type_id = t.id AND r.status = 'active'
        AND r.expires_at > current_setting('ticketd.now')::timestamptz
    ORDER BY r.expires_at
    LIMIT 1) a ON true
