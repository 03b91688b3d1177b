-- The shop's triggers sleep while rows are filled (one that sets updated_at would forget when each
-- reservation ended), and wake as they were. Those that change a row of a counted table before it is
-- written sleep on: only ticketd writes there from now on, and what it writes must be what it decided.
-- $2: `pause`, `resume` or `tell`.
SELECT CASE WHEN $2 = 'tell' THEN 'note' ELSE 'step' END,
    CASE
        WHEN $2 = 'tell' THEN format(
            'the trigger %s of %s runs at ticketd''s writes, too: it must change no count and '
            || 'refuse none', t.tgname, c.relname)
        WHEN $2 = 'resume' THEN format('%s runs again', t.tgname)
        WHEN t.sleeps_on THEN format(
            '%s of %s does not wake: it changes rows before they are written, and only ticketd '
            || 'writes them from now on, updated_at too', t.tgname, c.relname)
        ELSE format('%s must not run for rows that are only completed', t.tgname) END,
    format('ALTER TABLE %I.%I %s TRIGGER %I', $1::text, c.relname,
        CASE WHEN $2 = 'pause' THEN 'DISABLE' WHEN t.tgenabled = 'A' THEN 'ENABLE ALWAYS'
            ELSE 'ENABLE' END,
        t.tgname)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
JOIN LATERAL (
    -- tgtype: 1 for each row, 2 before, 4 insert, 16 update.
    SELECT t.*, t.tgtype & 3 = 3 AND t.tgtype & 20 <> 0
        AND c.relname IN ('ticket_types', 'ticket_reservations', 'inventory_audit_log') AS sleeps_on
    FROM pg_trigger t
    WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')) t
    ON $2 = 'pause' OR NOT t.sleeps_on
WHERE c.relname IN ('venues', 'events', 'ticket_types', 'ticket_reservations',
                    'inventory_audit_log')
ORDER BY c.relname, t.tgname
