-- The shop's triggers sleep while rows are filled (one that sets updated_at would forget when each
-- reservation ended), and wake as they were. $2: `pause`, `resume` or `tell`.
SELECT CASE WHEN $2 = 'tell' THEN 'note' ELSE 'step' END,
    CASE $2 WHEN 'tell' THEN format(
            'the trigger %s of %s runs at ticketd''s writes, too: it must change no count and '
            || 'refuse none', t.tgname, c.relname)
        WHEN 'pause' THEN format('%s must not run for rows that are only completed', t.tgname)
        ELSE format('%s runs again', t.tgname) END,
    format('ALTER TABLE %I.%I %s TRIGGER %I', $1::text, c.relname,
        CASE WHEN $2 = 'pause' THEN 'DISABLE' WHEN t.tgenabled = 'A' THEN 'ENABLE ALWAYS'
            ELSE 'ENABLE' END,
        t.tgname)
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
    AND c.relname IN ('venues', 'events', 'ticket_types', 'ticket_reservations',
                      'inventory_audit_log')
ORDER BY c.relname, t.tgname
