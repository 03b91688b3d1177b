-- Columns that must have a value in the shop's tables and that ticketd leaves empty: a direct sale
-- never expires, an event may have no end.
SELECT 'step',
    format('%s.%s may be NULL: not every row of ticketd''s has it', c.relname, a.attname),
    format('ALTER TABLE %I.%I ALTER COLUMN %I DROP NOT NULL', $1::text, c.relname, a.attname)
FROM pg_class w
JOIN pg_attribute a
    ON a.attrelid = w.oid AND a.attnum > 0 AND NOT a.attisdropped AND NOT a.attnotnull
JOIN pg_class c ON c.relname = w.relname AND c.relkind = 'r'
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
JOIN pg_attribute there ON there.attrelid = c.oid AND there.attname = a.attname
    AND NOT there.attisdropped AND there.attnotnull
WHERE w.relnamespace = 'ticketd_wanted'::regnamespace AND w.relkind = 'r'
ORDER BY w.oid, a.attnum
