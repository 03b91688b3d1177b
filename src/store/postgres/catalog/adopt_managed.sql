-- The shop's own columns that want a value ticketd does not know.
SELECT CASE WHEN c.relname IN ('ticket_reservations', 'inventory_audit_log')
        THEN 'blocker' ELSE 'note' END,
    CASE WHEN c.relname IN ('ticket_reservations', 'inventory_audit_log')
        THEN format('%s.%s must have a value and has no default: ticketd could write no row. Give '
                    'it a default, or allow NULL', c.relname, a.attname)
        ELSE format('%s.%s must have a value and has no default: the shop goes on making %s; over '
                    'ticketd''s API that answers 409 managed_elsewhere',
                    c.relname, a.attname, replace(c.relname, '_', ' ')) END,
    NULL
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
JOIN pg_class w ON w.relname = c.relname AND w.relkind = 'r'
    AND w.relnamespace = 'ticketd_wanted'::regnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind = 'r' AND a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''
    AND NOT EXISTS (
        SELECT FROM pg_attribute x
        WHERE x.attrelid = w.oid AND x.attname = a.attname AND NOT x.attisdropped)
ORDER BY c.relname, a.attnum
