INSERT INTO inventory_audit_log (
    id, ticket_type_id, user_id, action, quantity, previous_total, new_total, previous_sold,
    new_sold, previous_reserved, new_reserved, reason, created_at, event_id, seq, chain_hash,
    effective_at, actor_kind, actor_id, reservation_id, order_id, disposition, channel, tender,
    shift_id)
SELECT
    u.id, u.ticket_type_id, u.user_id, u.action, u.quantity, u.previous_total, u.new_total,
    u.previous_sold, u.new_sold, u.previous_reserved, u.new_reserved, u.reason, u.created_at,
    u.event_id, u.seq, u.chain_hash, u.effective_at, u.actor_kind, u.actor_id, u.reservation_id,
    u.order_id::{log_order_id}, u.disposition, u.channel, u.tender, u.shift_id
FROM unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::int4[], $6::int4[], $7::int4[], $8::int4[],
    $9::int4[], $10::int4[], $11::int4[], $12::text[], $13::timestamptz[], $14::uuid[], $15::int8[],
    $16::bytea[], $17::timestamptz[], $18::text[], $19::uuid[], $20::uuid[], $21::text[],
    $22::text[], $23::text[], $24::text[], $25::uuid[]) u (
    id, ticket_type_id, user_id, action, quantity, previous_total, new_total, previous_sold,
    new_sold, previous_reserved, new_reserved, reason, created_at, event_id, seq, chain_hash,
    effective_at, actor_kind, actor_id, reservation_id, order_id, disposition, channel, tender,
    shift_id)
