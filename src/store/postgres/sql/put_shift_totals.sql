-- As they stand now: whoever writes them holds their shift's lock.
INSERT INTO ticketd.shift_totals (
    shift_id, tender, sales, tickets_sold, tickets_refunded, gross, refunds)
SELECT
    unnest($1::uuid[]), unnest($2::text[]), unnest($3::int8[]), unnest($4::int8[]),
    unnest($5::int8[]), unnest($6::int8[]), unnest($7::int8[])
ON CONFLICT (shift_id, tender) DO UPDATE
SET
    sales = excluded.sales, tickets_sold = excluded.tickets_sold,
    tickets_refunded = excluded.tickets_refunded, gross = excluded.gross,
    refunds = excluded.refunds
