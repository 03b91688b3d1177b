-- The last one of each person stays: it says when the person was last here.
DELETE FROM ticketd.sessions x
WHERE x.expires_at < $1::timestamptz AND EXISTS (
    SELECT 1 FROM ticketd.sessions n
    WHERE n.staff_id = x.staff_id AND n.last_seen_at > x.last_seen_at)
