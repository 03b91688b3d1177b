-- Looks at the 1,000 oldest and no further, however few of them may be forgotten.
DELETE FROM idempotency_keys
WHERE number IN (
    SELECT number
    FROM (SELECT number, created_at FROM idempotency_keys ORDER BY number LIMIT 1000)
    WHERE created_at < ?1)
