-- What is ticketd's alone: its schema, and founding tables that it made itself ($2). Whatever default
-- privileges gave away is taken back.
WITH relations AS (
    SELECT c.oid, c.relowner AS owner, c.relacl AS acl,
        format('ON %I.%I', n.nspname, c.relname) AS target, c.relname AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'v', 'm', 'S')
        AND (n.nspname = 'ticketd' OR (n.nspname = $1 AND c.relname = ANY ($2::text[])))
    UNION ALL
    SELECT n.oid, n.nspowner, n.nspacl, 'ON SCHEMA ticketd', 'the schema ticketd'
    FROM pg_namespace n WHERE n.nspname = 'ticketd'
), columns AS (
    SELECT r.owner, a.attacl AS acl, r.target, r.name
    FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attacl IS NOT NULL
), given AS (
    SELECT DISTINCT all_of.target, all_of.name, acl.grantee
    FROM (SELECT owner, acl, target, name FROM relations
          UNION ALL SELECT owner, acl, target, name FROM columns) AS all_of,
        aclexplode(all_of.acl) AS acl
    WHERE acl.grantee <> all_of.owner
)
SELECT 'step', format('%s is nobody else''s', name),
    format('REVOKE ALL %s FROM %s CASCADE', target,
        string_agg(CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, ', '
                   ORDER BY grantee))
FROM given
WHERE grantee = 0
    OR pg_get_userbyid(grantee) NOT IN ('ticketd_owner', 'ticketd_app', 'ticketd_reporter')
GROUP BY name, target
ORDER BY name
