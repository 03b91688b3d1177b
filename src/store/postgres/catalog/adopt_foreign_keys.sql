-- Foreign keys: those to the users of an identity service go, those among the founding tables never
-- delete, those that are missing are made.
WITH founding AS (
    SELECT c.oid, c.relname, format('%I.%I', $1::text, c.relname) AS name, w.oid AS wanted
    FROM pg_class w
    JOIN pg_class c ON c.relname = w.relname AND c.relkind = 'r'
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
    WHERE w.relnamespace = 'ticketd_wanted'::regnamespace AND w.relkind = 'r'
), keys AS (
    SELECT k.*, f.relname, f.name, target.relname AS target_name, ns.nspname AS target_schema,
        inside.oid IS NOT NULL AS is_inside,
        (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY x.at)
         FROM unnest(k.conkey) WITH ORDINALITY AS x (num, at)
         JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = x.num) AS columns
    FROM pg_constraint k
    JOIN founding f ON f.oid = k.conrelid
    JOIN pg_class target ON target.oid = k.confrelid
    JOIN pg_namespace ns ON ns.oid = target.relnamespace
    LEFT JOIN founding inside ON inside.oid = k.confrelid
    WHERE k.contype = 'f'
), wanted_keys AS (
    SELECT k.conname, f.oid, f.name, f.relname, target.relname AS target_name, a.attname
    FROM pg_constraint k
    JOIN founding f ON f.wanted = k.conrelid
    JOIN pg_class target ON target.oid = k.confrelid
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
    WHERE k.contype = 'f'
)
SELECT 'step',
    format('%s.%s may name a user of any issuer, and one who is deleted there stays in the log',
           relname, columns),
    format('ALTER TABLE %s DROP CONSTRAINT %I', name, conname)
FROM keys WHERE NOT is_inside AND target_schema = 'auth'
UNION ALL
SELECT 'step',
    format('deleting from %s erased from %s what hangs on it (%s): now it is refused',
           target_name, relname,
           CASE confdeltype WHEN 'c' THEN 'ON DELETE CASCADE' WHEN 'n' THEN 'ON DELETE SET NULL'
               WHEN 'd' THEN 'ON DELETE SET DEFAULT' WHEN 'r' THEN 'ON DELETE RESTRICT'
               ELSE 'ON UPDATE' END),
    format(E'ALTER TABLE %s DROP CONSTRAINT %I;\n'
           'ALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (%s) REFERENCES %I.%I (id)',
           name, conname, name, conname, columns, $1::text, target_name)
FROM keys WHERE is_inside AND (confdeltype <> 'a' OR confupdtype <> 'a')
UNION ALL
SELECT 'step', format('what %s.%s names is there', relname, attname),
    format('ALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (%I) REFERENCES %I.%I (id)',
           name, conname, attname, $1::text, target_name)
FROM wanted_keys w
WHERE NOT EXISTS (
    SELECT FROM keys k
    WHERE k.conrelid = w.oid AND k.target_name = w.target_name AND k.is_inside
        AND k.columns = quote_ident(w.attname))
UNION ALL
SELECT 'note',
    format('%s.%s refers to %I.%I and goes on doing so: ticketd can write there only what is in it',
           relname, columns, target_schema, target_name),
    NULL
FROM keys WHERE NOT is_inside AND target_schema <> 'auth'
