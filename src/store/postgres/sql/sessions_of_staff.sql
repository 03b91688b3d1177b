SELECT
    encode(x.id_hash, 'hex')::uuid, x.staff_id, x.created_at, x.last_seen_at,
    x.expires_at
FROM ticketd.sessions x
WHERE
    x.staff_id = ANY ($1::uuid[])
    AND x.expires_at > current_setting('ticketd.now')::timestamptz
ORDER BY x.id_hash
