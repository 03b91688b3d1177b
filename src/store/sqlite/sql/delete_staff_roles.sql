DELETE FROM staff_roles WHERE staff_id = ?1
