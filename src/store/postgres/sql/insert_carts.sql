INSERT INTO ticketd.carts (
    id, event_id, user_id, status, expires_at, order_id, currency, channel, tender, sold_by,
    shift_id, created_at, updated_at, completed_at)
SELECT
    unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::uuid[]), unnest($4::text[]),
    unnest($5::timestamptz[]), unnest($6::text[]), unnest($7::text[]), unnest($8::text[]),
    unnest($9::text[]), unnest($10::uuid[]), unnest($11::uuid[]), unnest($12::timestamptz[]),
    unnest($13::timestamptz[]), unnest($14::timestamptz[])
