-- Where the founding tables are or will be; how many of them are there, and in how many schemas;
-- whether ticketd's own is there, and whether something in its schema is not ours.
WITH found AS (
    SELECT c.relname, n.nspname
    FROM unnest(ARRAY['venues', 'events', 'ticket_types', 'ticket_reservations',
                      'inventory_audit_log']) AS x (name)
    JOIN pg_class c ON c.oid = to_regclass(x.name)
    JOIN pg_namespace n ON n.oid = c.relnamespace
)
SELECT coalesce(
        (SELECT min(nspname) FROM found),
        (SELECT x.name FROM unnest(current_schemas(false)) WITH ORDINALITY AS x (name, at)
         WHERE x.name <> 'ticketd' ORDER BY x.at LIMIT 1)),
    (SELECT count(*) FROM found),
    (SELECT count(DISTINCT nspname) FROM found),
    to_regclass('ticketd.schema_migrations') IS NOT NULL,
    EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'ticketd')
