UPDATE venues
SET name = ?2, address = ?3, time_zone = ?4, updated_at = ?6, archived_at = ?7, version = ?8
WHERE id = ?1
