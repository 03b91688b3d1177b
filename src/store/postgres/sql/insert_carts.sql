INSERT INTO ticketd.carts (
    id, event_id, user_id, status, expires_at, order_id, currency, channel, tender, sold_by,
    shift_id, created_at, updated_at, completed_at)
SELECT *
FROM unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::text[], $7::text[],
    $8::text[], $9::text[], $10::uuid[], $11::uuid[], $12::timestamptz[], $13::timestamptz[],
    $14::timestamptz[]) u (
    id, event_id, user_id, status, expires_at, order_id, currency, channel, tender, sold_by,
    shift_id, created_at, updated_at, completed_at)
