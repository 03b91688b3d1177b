-- Those begun after ?1: no older one can be alive.
SELECT x.id_hash, x.staff_id, x.created_at, x.last_seen_at, x.expires_at
FROM sessions x
WHERE x.created_at > ?1
