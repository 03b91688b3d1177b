-- Checks that are missing; and the shop's own, which bind ticketd, too. Kind `probe`: a question
-- whose answer, unless NULL, stands in the way.
WITH founding AS (
    SELECT c.oid, c.relname, format('%I.%I', $1::text, c.relname) AS name, w.oid AS wanted
    FROM pg_class w
    JOIN pg_class c ON c.relname = w.relname AND c.relkind = 'r'
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
    WHERE w.relnamespace = 'ticketd_wanted'::regnamespace AND w.relkind = 'r'
), wanted AS (
    SELECT k.conname, pg_get_expr(k.conbin, k.conrelid) AS expression, f.*
    FROM pg_constraint k JOIN founding f ON f.wanted = k.conrelid WHERE k.contype = 'c'
), there AS (
    SELECT k.conname, k.conkey, k.conrelid, pg_get_expr(k.conbin, k.conrelid) AS expression, f.*
    FROM pg_constraint k JOIN founding f ON f.oid = k.conrelid WHERE k.contype = 'c'
), words (relname, attname, list) AS (
    VALUES ('ticket_reservations', 'status',
            ARRAY['active', 'completed', 'released', 'expired']),
        ('inventory_audit_log', 'action',
            ARRAY['reserve', 'sale', 'release', 'refund', 'increase', 'decrease'])
)
SELECT 'step', format('%s keeps to the rules: %s', w.relname, w.expression),
    format('ALTER TABLE %s ADD CONSTRAINT %I CHECK (%s)', w.name, w.conname, w.expression)
FROM wanted w
WHERE NOT EXISTS (SELECT FROM there t WHERE t.oid = w.oid AND t.conname = w.conname)
UNION ALL
SELECT 'blocker',
    format('%s has a constraint %s of its own, CHECK (%s): drop or rename it; ticketd''s is '
           'CHECK (%s)', t.name, t.conname, t.expression, w.expression),
    NULL
FROM wanted w JOIN there t ON t.oid = w.oid AND t.conname = w.conname
WHERE replace(regexp_replace(t.expression, '::[a-z ]+(\[\])?', '', 'g'), ' ', '')
    <> replace(regexp_replace(w.expression, '::[a-z ]+(\[\])?', '', 'g'), ' ', '')
UNION ALL
SELECT 'probe',
    format('%s: the constraint %s forbids what ticketd must write (drop it: ticketd''s own says '
           'which values there are)', t.name, t.conname),
    format('SELECT string_agg(quote_literal(%1$I), '', '') FROM unnest(%2$L::text[]) AS t (%1$I) '
           'WHERE NOT (%3$s)', a.attname, words.list, t.expression)
FROM there t
JOIN words ON words.relname = t.relname
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = words.attname
WHERE t.conkey = ARRAY[a.attnum]
UNION ALL
SELECT 'note',
    format('%s keeps its own rule %s, CHECK (%s): what it refuses, ticketd cannot write', t.relname,
           t.conname, t.expression),
    NULL
FROM there t
WHERE NOT EXISTS (SELECT FROM wanted w WHERE w.oid = t.oid AND w.conname = t.conname)
UNION ALL
SELECT 'blocker', format('%s has no primary key on id alone', f.name), NULL
FROM founding f
WHERE NOT EXISTS (
    SELECT FROM pg_constraint k
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attname = 'id'
    WHERE k.conrelid = f.oid AND k.contype = 'p' AND k.conkey = ARRAY[a.attnum])
