-- One, or (?1 all zeros) everyone; the events are hexadecimal, one behind the other.
SELECT s.id, s.email, s.name, s.password_hash, s.created_at, s.updated_at, s.archived_at, s.version,
    (SELECT r.role FROM staff_roles r WHERE r.staff_id = s.id LIMIT 1),
    (SELECT group_concat(hex(event_id), '') FROM (
        SELECT r.event_id FROM staff_roles r WHERE r.staff_id = s.id ORDER BY r.event_id)),
    (SELECT max(x.last_seen_at) FROM sessions x WHERE x.staff_id = s.id)
FROM staff s
WHERE ?1 = zeroblob(16) OR s.id = ?1
ORDER BY s.created_at DESC, s.id DESC
