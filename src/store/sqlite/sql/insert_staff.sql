INSERT INTO staff (id, email, name, password_hash, created_at, updated_at, archived_at, version)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
