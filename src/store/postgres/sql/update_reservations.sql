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
    FROM unnest(
        $1::uuid[], $2::uuid[], $3::int4[], $4::uuid[], $5::timestamptz[], $6::text[], $7::text[],
        $8::timestamptz[], $9::timestamptz[], $10::uuid[], $11::uuid[], $12::int4[], $13::text[],
        $14::text[], $15::text[], $16::uuid[], $17::uuid[], $18::int4[], $19::timestamptz[],
        $20::uuid[], $21::text[]) u (
        id, ticket_type_id, quantity, user_id, expires_at, status, order_id, created_at, updated_at,
        event_id, cart_id, unit_price, currency, channel, tender, sold_by, shift_id,
        refunded_quantity,
        completed_at, limited_user_id, read_status)
    WHERE r.id = u.id AND r.status = u.read_status
    RETURNING 1
)
SELECT 1 / (CASE WHEN count(*) = $22::int8 THEN 1 ELSE 0 END) FROM written
