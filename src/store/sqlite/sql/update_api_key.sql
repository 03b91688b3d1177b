UPDATE api_keys
SET name = ?2, role = ?3, event_ids = ?4, secret_hash = ?5, expires_at = ?7, last_used_at = ?8,
    revoked_at = ?9
WHERE id = ?1
