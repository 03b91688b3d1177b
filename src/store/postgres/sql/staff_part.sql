    s.id, s.email, s.name, s.password_hash, s.created_at, s.updated_at, s.archived_at, s.version,
    (SELECT r.role FROM ticketd.staff_roles r WHERE r.staff_id = s.id LIMIT 1) AS role,
    ARRAY (
        SELECT r.event_id FROM ticketd.staff_roles r
        WHERE r.staff_id = s.id AND r.event_id IS NOT NULL ORDER BY r.event_id) AS event_ids,
    (SELECT max(x.last_seen_at) FROM ticketd.sessions x WHERE x.staff_id = s.id) AS last_seen_at
