-- The last line ends the transaction (division by zero) where the rows are not as they were read.
WITH written AS (
    UPDATE ticketd.carts c
    SET
        user_id = u.user_id, status = u.status, expires_at = u.expires_at, order_id = u.order_id,
        currency = u.currency, channel = u.channel, tender = u.tender, sold_by = u.sold_by,
        shift_id = u.shift_id, updated_at = u.updated_at, completed_at = u.completed_at
    FROM (
        SELECT
            unnest($1::uuid[]) AS id, unnest($2::uuid[]) AS event_id,
            unnest($3::uuid[]) AS user_id, unnest($4::text[]) AS status,
            unnest($5::timestamptz[]) AS expires_at, unnest($6::text[]) AS order_id,
            unnest($7::text[]) AS currency, unnest($8::text[]) AS channel,
            unnest($9::text[]) AS tender, unnest($10::uuid[]) AS sold_by,
            unnest($11::uuid[]) AS shift_id, unnest($12::timestamptz[]) AS created_at,
            unnest($13::timestamptz[]) AS updated_at, unnest($14::timestamptz[]) AS completed_at,
            unnest($15::text[]) AS read_status) u
    WHERE c.id = u.id AND c.status = u.read_status
    RETURNING 1
)
SELECT 1 / (CASE WHEN count(*) = $16::int8 THEN 1 ELSE 0 END) FROM written
