-- What ticketd's tables are and hold, a row for each column: the founding ones where the
-- search_path leads, and its own.
SELECT c.relname, a.attname, a.atttypid, format_type(a.atttypid, a.atttypmod),
    format('%I.%I', n.nspname, c.relname)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND c.relname <> 'schema_migrations'
    AND (n.nspname = 'ticketd'
         OR c.oid IN (SELECT to_regclass(x.name)
                      FROM unnest(ARRAY['venues', 'events', 'ticket_types', 'ticket_reservations',
                                        'inventory_audit_log']) AS x (name)))
ORDER BY n.nspname = 'ticketd', c.relname, a.attnum
