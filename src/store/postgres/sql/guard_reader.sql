-- What holds for this snapshot alone: poolers share connections. No snapshot may stay open for long
-- (what it sees cannot be tidied up: $1); each query names its way through an index, whatever the
-- statistics say, so that a plan made once is good for as long as the connection lives.
SELECT set_config('statement_timeout', $1::text, true),
    set_config('enable_seqscan', 'off', true),
    set_config('enable_bitmapscan', 'off', true),
    set_config('enable_hashjoin', 'off', true),
    set_config('enable_mergejoin', 'off', true),
    set_config('max_parallel_workers_per_gather', '0', true),
    set_config('jit', 'off', true),
    set_config('plan_cache_mode', 'force_generic_plan', true),
    set_config('DateStyle', 'ISO', true)
