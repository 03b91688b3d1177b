-- One question for each column of times: what no ticketd can tell (RFC 3339 ends with the year 9999).
SELECT 'rows', c.relname,
    format('SELECT id::text, %1$L || '' is '' || %2$I FROM %3$I.%4$I '
           'WHERE %2$I NOT BETWEEN ''1970-01-01Z'' AND ''9999-12-31 23:59:59.999999Z'' ORDER BY id',
           a.attname, a.attname, $1::text, c.relname)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
JOIN pg_class w ON w.relname = c.relname AND w.relkind = 'r'
    AND w.relnamespace = 'ticketd_wanted'::regnamespace
JOIN pg_attribute wa ON wa.attrelid = w.oid AND wa.atttypid = 'timestamptz'::regtype
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = wa.attname
    AND a.atttypid = 'timestamptz'::regtype AND NOT a.attisdropped
WHERE c.relkind = 'r' AND c.relname <> 'inventory_audit_log'
ORDER BY w.oid, a.attnum
