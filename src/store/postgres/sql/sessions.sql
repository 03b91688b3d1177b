-- No older one can be alive.
SELECT
    encode(x.id_hash, 'hex')::uuid, x.staff_id, x.created_at, x.last_seen_at,
    x.expires_at
FROM ticketd.sessions x
WHERE x.created_at > current_setting('ticketd.now')::timestamptz - interval '8 days'
