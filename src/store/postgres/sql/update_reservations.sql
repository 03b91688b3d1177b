-- Whose it is, of what type and in which cart never changes.
-- The last line ends the transaction (division by zero) where the rows are not as they were read.
WITH written AS (
    UPDATE ticket_reservations r
    SET
        quantity = u.quantity, expires_at = u.expires_at, status = u.status,
        order_id = u.order_id::{order_id}, updated_at = u.updated_at, unit_price = u.unit_price,
        channel = u.channel, tender = u.tender, sold_by = u.sold_by, shift_id = u.shift_id,
        refunded_quantity = u.refunded_quantity, completed_at = u.completed_at,
        limited_user_id = u.limited_user_id
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
            unnest($19::timestamptz[]) AS completed_at, unnest($20::uuid[]) AS limited_user_id,
            unnest($21::text[]) AS read_status) u
    WHERE r.id = u.id AND r.status = u.read_status
    RETURNING 1
)
SELECT 1 / (CASE WHEN count(*) = $22::int8 THEN 1 ELSE 0 END) FROM written
