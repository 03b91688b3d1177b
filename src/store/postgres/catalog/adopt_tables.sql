-- The founding tables that are there: are they such as can be adopted by who asks?
WITH found AS (
    SELECT c.*, format('%I.%I', $1::text, c.relname) AS name
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
    JOIN pg_class w ON w.relname = c.relname AND w.relkind = 'r'
        AND w.relnamespace = 'ticketd_wanted'::regnamespace
    WHERE c.relkind NOT IN ('i', 'I', 'c')
)
SELECT 'blocker',
    name || ' is ' || CASE relkind
        WHEN 'v' THEN 'a view' WHEN 'm' THEN 'a materialized view' WHEN 'p' THEN 'partitioned'
        WHEN 'f' THEN 'a foreign table' ELSE 'no table' END
    || ': ticketd needs a plain table of that name',
    NULL
FROM found WHERE relkind <> 'r'
UNION ALL
SELECT 'blocker',
    format('%s belongs to %s, and %s may not change it: migrate as its owner, or '
           'GRANT %I TO %I first', name, relowner::regrole, current_user, pg_get_userbyid(relowner),
           current_user),
    NULL
FROM found WHERE relkind = 'r' AND NOT pg_has_role(relowner, 'USAGE')
UNION ALL
SELECT 'blocker',
    format('row-level security may hide rows of %s from %s: migrate as a role that it does not '
           'bind (FORCE ROW LEVEL SECURITY binds even the owner)', name, current_user),
    NULL
FROM found WHERE relkind = 'r' AND row_security_active(oid)
UNION ALL
SELECT 'blocker', name || ' has tables that inherit from it: their rows would be counted twice',
    NULL
FROM found WHERE relkind = 'r' AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = found.oid)
UNION ALL
SELECT 'blocker', name || ' has rules (CREATE RULE), which would rewrite what ticketd writes', NULL
FROM found WHERE relkind = 'r' AND relhasrules
    AND EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = found.oid)
