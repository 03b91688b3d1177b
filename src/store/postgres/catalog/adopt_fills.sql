-- Columns that may be NULL and must not: filled where a default says with what, and bound. What has
-- no default is asked for (kind `rows`: the rows that stand in the way).
WITH loose AS (
    SELECT w.oid AS wanted, a.attnum, c.relname, a.attname,
        format('%I.%I', $1::text, c.relname) AS name,
        CASE WHEN a.attname = 'updated_at' THEN 'coalesce(created_at, now())'
            ELSE pg_get_expr(d.adbin, d.adrelid) END AS filler,
        pg_get_expr(d.adbin, d.adrelid) AS initial, own.adbin IS NULL AS has_none
    FROM pg_class w
    JOIN pg_attribute a
        ON a.attrelid = w.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull
    LEFT JOIN pg_attrdef d ON d.adrelid = w.oid AND d.adnum = a.attnum
    JOIN pg_class c ON c.relname = w.relname AND c.relkind = 'r'
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
    JOIN pg_attribute there ON there.attrelid = c.oid AND there.attname = a.attname
        AND NOT there.attisdropped AND NOT there.attnotnull
    LEFT JOIN pg_attrdef own ON own.adrelid = c.oid AND own.adnum = there.attnum
    WHERE w.relnamespace = 'ticketd_wanted'::regnamespace AND w.relkind = 'r'
        AND (w.relname, a.attname) NOT IN (
            ('ticket_reservations', 'event_id'), ('ticket_reservations', 'unit_price'),
            ('ticket_reservations', 'currency'))
)
(SELECT 'step',
    CASE WHEN filler IS NULL THEN format('%s.%s is always there', relname, attname)
        ELSE format('%s.%s: NULL becomes %s, and does not come back', relname, attname, filler)
    END,
    CASE WHEN filler IS NULL THEN '' ELSE
        format(E'UPDATE %s SET %I = %s WHERE %I IS NULL;\n', name, attname, filler, attname) END
    || CASE WHEN filler IS NOT NULL AND has_none
        THEN format(E'ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s;\n', name, attname, initial)
        ELSE '' END
    || format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL', name, attname)
FROM loose ORDER BY wanted, attnum)
UNION ALL
SELECT 'rows', relname,
    format('SELECT id::text, %L FROM %s WHERE %I IS NULL ORDER BY id', attname || ' is NULL', name,
           attname)
FROM loose WHERE filler IS NULL
