-- Functions of the shop's that write with their owner's rights: what is taken from roles does not
-- stop them. Only the text tells which tables they write; it may be mentioned without being written.
SELECT 'note',
    format('the function %s runs with the rights of %s (SECURITY DEFINER) and names %s: if it '
           'writes there it still can, and counts would no longer add up. Drop it',
           p.oid::regprocedure, pg_get_userbyid(p.proowner), names.list),
    NULL
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
CROSS JOIN LATERAL (
    SELECT string_agg(x.name, ', ') AS list
    FROM unnest(ARRAY['ticket_types', 'ticket_reservations', 'inventory_audit_log']) AS x (name)
    WHERE strpos(lower(p.prosrc), x.name) > 0
) AS names
WHERE p.prosecdef AND names.list IS NOT NULL AND $1::text IS NOT NULL
    AND n.nspname NOT IN ('pg_catalog', 'information_schema')
ORDER BY 2
