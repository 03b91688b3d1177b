INSERT INTO staff_roles (staff_id, role, event_id, created_at) VALUES (?1, ?2, ?3, ?4)
