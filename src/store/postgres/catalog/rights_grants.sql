-- What each of ticketd's roles may do, where it exists (share/postgres/roles.sql makes them).
WITH wanted (schema, relname, role, rights) AS (
    SELECT x.schema, x.relname, 'ticketd_app', string_to_array(x.rights, ' ')
    FROM (VALUES
        ($1::text, 'venues', 'SELECT INSERT UPDATE'),
        ($1, 'events', 'SELECT INSERT UPDATE'),
        ($1, 'ticket_types', 'SELECT INSERT UPDATE'),
        ($1, 'ticket_reservations', 'SELECT INSERT UPDATE'),
        ($1, 'inventory_audit_log', 'SELECT INSERT'),
        ('ticketd', 'schema_migrations', 'SELECT'),
        ('ticketd', 'carts', 'SELECT INSERT UPDATE'),
        ('ticketd', 'shifts', 'SELECT INSERT UPDATE'),
        ('ticketd', 'shift_totals', 'SELECT INSERT UPDATE'),
        ('ticketd', 'staff', 'SELECT INSERT UPDATE'),
        ('ticketd', 'staff_roles', 'SELECT INSERT UPDATE DELETE'),
        ('ticketd', 'api_keys', 'SELECT INSERT UPDATE'),
        ('ticketd', 'sessions', 'SELECT INSERT UPDATE DELETE'),
        ('ticketd', 'idempotency_keys', 'SELECT INSERT UPDATE DELETE'),
        ('ticketd', 'webhook_endpoints', 'SELECT INSERT UPDATE'),
        ('ticketd', 'webhook_deliveries', 'SELECT INSERT UPDATE DELETE')
    ) AS x (schema, relname, rights)
    UNION ALL
    SELECT x.schema, x.relname, 'ticketd_reporter', ARRAY['SELECT']
    FROM (VALUES
        ($1::text, 'venues'), ($1, 'events'), ($1, 'ticket_types'), ($1, 'ticket_reservations'),
        ($1, 'inventory_audit_log'), ('ticketd', 'schema_migrations'), ('ticketd', 'carts'),
        ('ticketd', 'shifts'), ('ticketd', 'shift_totals')
    ) AS x (schema, relname)
), missing AS (
    SELECT w.schema, w.relname, w.role, string_agg(one.privilege, ', ' ORDER BY one.at) AS privileges
    FROM wanted w
    JOIN pg_roles r ON r.rolname = w.role AND NOT r.rolsuper
    JOIN pg_namespace n ON n.nspname = w.schema
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.relname
    CROSS JOIN LATERAL unnest(w.rights) WITH ORDINALITY AS one (privilege, at)
    WHERE c.relowner <> r.oid
        AND NOT EXISTS (
            SELECT FROM aclexplode(c.relacl) AS acl
            WHERE acl.grantee = r.oid AND acl.privilege_type = one.privilege)
    GROUP BY w.schema, w.relname, w.role
)
SELECT 'step',
    format('%s finds the schema %s', role, schema),
    format('GRANT USAGE ON SCHEMA %I TO %I', schema, role)
FROM (SELECT DISTINCT w.schema, w.role FROM wanted w) AS s
JOIN pg_roles r ON r.rolname = s.role
JOIN pg_namespace n ON n.nspname = s.schema
WHERE NOT has_schema_privilege(r.oid, n.oid, 'USAGE')
UNION ALL
SELECT 'step',
    format('%s may %s %s', role, lower(privileges), relname),
    format('GRANT %s ON %I.%I TO %I', privileges, schema, relname, role)
FROM missing
