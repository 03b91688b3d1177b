INSERT INTO ticket_reservations (
    id, ticket_type_id, quantity, user_id, expires_at, status, order_id, created_at, updated_at,
    event_id, cart_id, unit_price, currency, channel, tender, sold_by, shift_id, refunded_quantity,
    completed_at, limited_user_id)
SELECT
    u.id, u.ticket_type_id, u.quantity, u.user_id, u.expires_at, u.status, u.order_id::{order_id},
    u.created_at, u.updated_at, u.event_id, u.cart_id, u.unit_price, u.currency, u.channel,
    u.tender, u.sold_by, u.shift_id, u.refunded_quantity, u.completed_at, u.limited_user_id
FROM unnest(
    $1::uuid[], $2::uuid[], $3::int4[], $4::uuid[], $5::timestamptz[], $6::text[], $7::text[],
    $8::timestamptz[], $9::timestamptz[], $10::uuid[], $11::uuid[], $12::int4[], $13::text[],
    $14::text[], $15::text[], $16::uuid[], $17::uuid[], $18::int4[], $19::timestamptz[],
    $20::uuid[]) u (
    id, ticket_type_id, quantity, user_id, expires_at, status, order_id, created_at, updated_at,
    event_id, cart_id, unit_price, currency, channel, tender, sold_by, shift_id, refunded_quantity,
    completed_at, limited_user_id)
