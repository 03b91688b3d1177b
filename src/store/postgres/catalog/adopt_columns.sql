-- Columns that are missing. Those that only their rows can tell are filled before they are bound.
SELECT CASE WHEN filled.attname IS NULL AND a.attnotnull AND d.adbin IS NULL
        THEN 'blocker' ELSE 'step' END,
    CASE WHEN filled.attname IS NULL AND a.attnotnull AND d.adbin IS NULL
        THEN format('%s has no column %s (%s), and nothing else says what it would be: is it '
                    'another application''s table?',
                    c.relname, a.attname, format_type(a.atttypid, a.atttypmod))
        ELSE format('%s.%s: %s', c.relname, a.attname,
                    coalesce(col_description(w.oid, a.attnum), 'as the founding table has it'))
    END,
    format('ALTER TABLE %I.%I ADD COLUMN %I %s', $1::text, c.relname, a.attname,
           format_type(a.atttypid, a.atttypmod))
    || CASE WHEN a.attnotnull AND filled.attname IS NULL THEN ' NOT NULL' ELSE '' END
    || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
FROM pg_class w
JOIN pg_attribute a ON a.attrelid = w.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = w.oid AND d.adnum = a.attnum
JOIN pg_class c ON c.relname = w.relname AND c.relkind = 'r'
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
LEFT JOIN (VALUES ('ticket_reservations', 'event_id'), ('ticket_reservations', 'unit_price'),
                  ('ticket_reservations', 'currency')) AS filled (relname, attname)
    ON filled.relname = w.relname AND filled.attname = a.attname
WHERE w.relnamespace = 'ticketd_wanted'::regnamespace AND w.relkind = 'r'
    AND NOT EXISTS (
        SELECT FROM pg_attribute there
        WHERE there.attrelid = c.oid AND there.attname = a.attname AND NOT there.attisdropped)
ORDER BY w.oid, a.attnum
