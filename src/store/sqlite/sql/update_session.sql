UPDATE sessions
SET last_seen_at = ?4, expires_at = ?5
WHERE id_hash = ?1 AND staff_id = ?2 AND created_at = ?3
