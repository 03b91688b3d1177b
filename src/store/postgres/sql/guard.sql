-- What holds for this transaction alone: poolers share connections. A server that stops between its
-- two trips must not hold a hot row for long; nobody waits for a lock longer than people would.
-- Fresh tables have no statistics, and a plan made then may stay: row after row by an index is always
-- the right one for what is asked here, so that a plan is made once and not for each batch anew.
SELECT set_config('idle_in_transaction_session_timeout', '5s', true),
    set_config('lock_timeout', '3s', true),
    set_config('enable_seqscan', 'off', true),
    set_config('enable_hashjoin', 'off', true),
    set_config('enable_mergejoin', 'off', true),
    -- What is turned off above counts as dear, and dear plans would be compiled.
    set_config('jit', 'off', true),
    set_config('plan_cache_mode', 'force_generic_plan', true),
    set_config('DateStyle', 'ISO', true),
    -- Nothing is answered that a crash takes back, whatever the role or the database was set to.
    set_config('synchronous_commit',
        CASE current_setting('synchronous_commit')
            WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true)
