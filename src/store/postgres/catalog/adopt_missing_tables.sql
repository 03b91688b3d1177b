-- Those of the founding tables that are not there, with their columns; keys and the rest follow.
SELECT 'step', w.relname || ' is not there yet',
    format(E'CREATE TABLE %I.%I (\n%s,\n    PRIMARY KEY (id)\n)', $1::text, w.relname,
        string_agg(
            format('    %I %s', a.attname, format_type(a.atttypid, a.atttypmod))
            || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
            || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), ''),
            E',\n' ORDER BY a.attnum))
FROM pg_class w
JOIN pg_attribute a ON a.attrelid = w.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = w.oid AND d.adnum = a.attnum
WHERE w.relnamespace = 'ticketd_wanted'::regnamespace AND w.relkind = 'r'
    AND NOT EXISTS (
        SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = w.relname)
GROUP BY w.oid, w.relname
ORDER BY w.oid
