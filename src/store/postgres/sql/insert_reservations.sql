INSERT INTO ticket_reservations (
    id, ticket_type_id, quantity, user_id, expires_at, status, order_id, created_at, updated_at,
    event_id, cart_id, unit_price, currency, channel, tender, sold_by, shift_id, refunded_quantity,
    completed_at, limited_user_id)
SELECT
    u.id, u.ticket_type_id, u.quantity, u.user_id, u.expires_at, u.status, u.order_id::{order_id},
    u.created_at, u.updated_at, u.event_id, u.cart_id, u.unit_price, u.currency, u.channel,
    u.tender, u.sold_by, u.shift_id, u.refunded_quantity, u.completed_at, u.limited_user_id
FROM (
    SELECT
        unnest($1::uuid[]) AS id, unnest($2::uuid[]) AS ticket_type_id,
        unnest($3::int4[]) AS quantity, unnest($4::uuid[]) AS user_id,
        unnest($5::timestamptz[]) AS expires_at, unnest($6::text[]) AS status,
        unnest($7::text[]) AS order_id, unnest($8::timestamptz[]) AS created_at,
        unnest($9::timestamptz[]) AS updated_at, unnest($10::uuid[]) AS event_id,
        unnest($11::uuid[]) AS cart_id, unnest($12::int4[]) AS unit_price,
        unnest($13::text[]) AS currency, unnest($14::text[]) AS channel,
        unnest($15::text[]) AS tender, unnest($16::uuid[]) AS sold_by,
        unnest($17::uuid[]) AS shift_id, unnest($18::int4[]) AS refunded_quantity,
        unnest($19::timestamptz[]) AS completed_at, unnest($20::uuid[]) AS limited_user_id) u
