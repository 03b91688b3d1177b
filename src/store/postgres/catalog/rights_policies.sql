-- Row-level security stays as it is: ticketd's roles get a policy that shows them every row.
WITH guarded AS (
    SELECT c.oid, c.relname, c.relowner
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
    WHERE c.relkind = 'r' AND c.relrowsecurity
        AND c.relname IN ('venues', 'events', 'ticket_types', 'ticket_reservations',
                          'inventory_audit_log')
), members AS (
    SELECT r.oid, r.rolname, r.rolname = 'ticketd_reporter' AS only_reads
    FROM pg_roles r
    WHERE r.rolname IN ('ticketd_owner', 'ticketd_app', 'ticketd_reporter')
        AND NOT r.rolsuper AND NOT r.rolbypassrls
)
SELECT 'step',
    format('row-level security of %s stays on, and %s sees every row', g.relname, m.rolname),
    format('CREATE POLICY %I ON %I.%I FOR %s TO %I USING (true)%s', m.rolname, $1::text, g.relname,
        CASE WHEN m.only_reads THEN 'SELECT' ELSE 'ALL' END, m.rolname,
        CASE WHEN m.only_reads THEN '' ELSE ' WITH CHECK (true)' END)
FROM guarded g CROSS JOIN members m
WHERE m.oid <> g.relowner
    AND NOT EXISTS (
        SELECT FROM pg_policy p WHERE p.polrelid = g.oid AND p.polname = m.rolname)
UNION ALL
SELECT 'blocker',
    format('the restrictive policy %s of %s binds %s, too, and may hide rows from it: name the '
           'roles that it is for', p.polname, g.relname, m.rolname),
    NULL
FROM guarded g
JOIN pg_policy p ON p.polrelid = g.oid AND NOT p.polpermissive
CROSS JOIN members m
WHERE 0::oid = ANY (p.polroles) OR m.oid = ANY (p.polroles)
