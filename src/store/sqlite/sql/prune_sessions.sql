-- The last one of each person stays: it says when the person was last here.
DELETE FROM sessions
WHERE expires_at < ?1 AND EXISTS (
    SELECT 1 FROM sessions n
    WHERE n.staff_id = sessions.staff_id AND n.last_seen_at > sessions.last_seen_at)
