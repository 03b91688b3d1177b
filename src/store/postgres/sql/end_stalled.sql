-- Ends the transactions of servers that have stopped in the middle of a trip, or whose network has,
-- while they hold what others wait for. Between two trips idle_in_transaction_session_timeout sees to
-- it (guard.sql); within one the database waits for the rest without end.
-- 2 s without a word are hundreds of times what a batch takes, and less than the 3 s after which
-- whoever waits comes here.
SELECT pg_terminate_backend(a.pid)
FROM pg_stat_activity a
WHERE a.datname = current_database()
    AND a.usename = current_user
    AND a.application_name = current_setting('application_name')
    AND a.pid <> pg_backend_pid()
    AND a.state <> 'idle'
    AND a.wait_event = 'ClientRead'
    AND a.state_change < clock_timestamp() - interval '2 s'
    AND EXISTS (
        SELECT 1
        FROM pg_locks l
        WHERE l.pid = a.pid AND l.granted
            AND l.mode IN ('RowShareLock', 'RowExclusiveLock')
            AND l.relation IN (
                'ticket_types'::regclass, 'events'::regclass, 'ticketd.idempotency_keys'::regclass))
