-- The last line ends the transaction (division by zero) where the rows are not as they were read.
WITH written AS (
    UPDATE ticketd.carts c
    SET
        user_id = u.user_id, status = u.status, expires_at = u.expires_at, order_id = u.order_id,
        currency = u.currency, channel = u.channel, tender = u.tender, sold_by = u.sold_by,
        shift_id = u.shift_id, updated_at = u.updated_at, completed_at = u.completed_at
    FROM unnest(
        $1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::text[], $7::text[],
        $8::text[], $9::text[], $10::uuid[], $11::uuid[], $12::timestamptz[], $13::timestamptz[],
        $14::timestamptz[], $15::text[]) u (
        id, event_id, user_id, status, expires_at, order_id, currency, channel, tender, sold_by,
        shift_id, created_at, updated_at, completed_at, read_status)
    WHERE c.id = u.id AND c.status = u.read_status
    RETURNING 1
)
SELECT 1 / (CASE WHEN count(*) = $16::int8 THEN 1 ELSE 0 END) FROM written
