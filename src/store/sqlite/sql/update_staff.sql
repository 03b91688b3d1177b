UPDATE staff
SET email = ?2, name = ?3, password_hash = ?4, updated_at = ?6, archived_at = ?7, version = ?8
WHERE id = ?1
