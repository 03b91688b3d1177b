INSERT INTO sessions (id_hash, staff_id, created_at, last_seen_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5)
