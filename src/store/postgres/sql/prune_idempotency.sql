-- Those that another server is forgetting already are left to it.
DELETE FROM ticketd.idempotency_keys k
USING (
    SELECT o.principal, o.key
    FROM ticketd.idempotency_keys o
    WHERE o.created_at < $1::timestamptz
    ORDER BY o.created_at
    LIMIT 1000
    FOR UPDATE SKIP LOCKED) o
WHERE k.principal = o.principal AND k.key = o.key
