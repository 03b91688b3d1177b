-- The only time of a batch, in whole milliseconds as people are told it. Asked after the locks were
-- waited for: all servers share the database's clock. $1: another clock's, in tests.
SELECT set_config('ticketd.now',
    coalesce($1::timestamptz, date_trunc('milliseconds', statement_timestamp()))::text,
    true)::timestamptz
