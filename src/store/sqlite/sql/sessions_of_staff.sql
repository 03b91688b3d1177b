SELECT x.id_hash, x.staff_id, x.created_at, x.last_seen_at, x.expires_at
FROM sessions x
WHERE x.staff_id = ?1 AND x.expires_at > ?2
ORDER BY x.id_hash
