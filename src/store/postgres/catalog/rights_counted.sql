-- Counts move by the rules or not at all: whoever wrote the counted tables by hand is told so.
WITH counted AS (
    SELECT c.oid, c.relowner, c.relacl, c.relname
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
    WHERE c.relkind = 'r'
        AND c.relname IN ('ticket_types', 'ticket_reservations', 'inventory_audit_log')
), acls AS (
    SELECT relname, relowner, relacl AS acl FROM counted
    UNION ALL
    SELECT relname, relowner, a.attacl
    FROM counted JOIN pg_attribute a ON a.attrelid = counted.oid AND a.attacl IS NOT NULL
), given AS (
    SELECT DISTINCT acls.relname, acl.grantee
    FROM acls, aclexplode(acls.acl) AS acl
    WHERE acl.grantee <> acls.relowner
        AND acl.privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER')
), writers AS (
    SELECT relname,
        string_agg(CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, ', '
                   ORDER BY grantee) AS list
    FROM given
    WHERE grantee = 0 OR pg_get_userbyid(grantee) NOT IN ('ticketd_owner', 'ticketd_app')
    GROUP BY relname
)
SELECT 'step',
    format('%s: %s may write it no longer, and old code that counted by itself fails loudly',
           relname, list),
    format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER ON %I.%I FROM %s CASCADE', $1::text,
           relname, list)
FROM writers
ORDER BY relname
