-- Indexes that are missing, one that another makes superfluous, and those that cost the shop more
-- than it may know.
WITH founding AS (
    SELECT c.oid, c.relname, format('%I.%I', $1::text, c.relname) AS name, w.oid AS wanted, n.nspname
    FROM pg_class w
    JOIN pg_class c ON c.relname = w.relname AND c.relkind = 'r'
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
    WHERE w.relnamespace = 'ticketd_wanted'::regnamespace AND w.relkind = 'r'
), indexes AS (
    SELECT i.indrelid, i.indisprimary, i.indisvalid, x.relname AS index_name,
        EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid) AS of_constraint,
        regexp_replace(pg_get_indexdef(i.indexrelid),
            '^CREATE (UNIQUE )?INDEX .* USING (.*)$', '\1\2') AS shape,
        regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING ', 'USING ') AS definition,
        i.indisunique
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
), wanted AS (
    SELECT i.*, f.oid, f.name, f.relname
    FROM indexes i JOIN founding f ON f.wanted = i.indrelid WHERE NOT i.of_constraint
), there AS (
    SELECT i.*, f.oid, f.name, f.relname, f.nspname
    FROM indexes i JOIN founding f ON f.oid = i.indrelid
)
SELECT 'step',
    format('%s is asked by %s', w.relname, regexp_replace(w.definition, '^USING btree ', '')),
    format('CREATE %sINDEX %I ON %s %s', CASE WHEN w.indisunique THEN 'UNIQUE ' ELSE '' END,
           w.index_name, w.name, w.definition)
FROM wanted w
WHERE NOT EXISTS (
        SELECT FROM there t WHERE t.oid = w.oid AND t.shape = w.shape AND t.indisvalid)
    AND NOT EXISTS (
        SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = w.index_name)
UNION ALL
SELECT 'blocker',
    format('%I.%I is there and is something else than ticketd''s index of that name on %s: rename '
           'or drop it', $1::text, w.index_name, w.relname),
    NULL
FROM wanted w
JOIN pg_class c ON c.relname = w.index_name
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
WHERE NOT EXISTS (
    SELECT FROM there t WHERE t.oid = w.oid AND t.shape = w.shape AND t.indisvalid)
UNION ALL
SELECT 'step',
    'idx_inventory_audit_seq begins with ticket_type_id and answers the same, and each index costs '
    || 'every sale',
    format('DROP INDEX %I.%I', t.nspname, t.index_name)
FROM there t
WHERE t.relname = 'inventory_audit_log' AND NOT t.of_constraint
    AND t.index_name = 'idx_inventory_audit_ticket_type' AND t.shape = 'btree (ticket_type_id)'
UNION ALL
SELECT 'note',
    format('%s has the index %s of the shop''s own, which each sale pays for: drop it if nobody '
           'needs it', t.relname, t.index_name),
    NULL
FROM there t
WHERE t.relname IN ('ticket_types', 'ticket_reservations', 'inventory_audit_log')
    AND NOT t.of_constraint AND t.index_name <> 'idx_inventory_audit_ticket_type'
    AND NOT EXISTS (SELECT FROM wanted w WHERE w.oid = t.oid AND w.shape = t.shape)
UNION ALL
SELECT 'step', 'counts change at every sale: room in each page for the next version of a row',
    format('ALTER TABLE %s SET (fillfactor = 50)', f.name)
FROM founding f JOIN pg_class c ON c.oid = f.oid
WHERE f.relname = 'ticket_types' AND NOT coalesce('fillfactor=50' = ANY (c.reloptions), false)
