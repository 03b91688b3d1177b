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
FROM (
    SELECT
        unnest($1::uuid[]) AS id, unnest($2::uuid[]) AS ticket_type_id,
        unnest($3::uuid[]) AS user_id, unnest($4::text[]) AS action,
        unnest($5::int4[]) AS quantity, unnest($6::int4[]) AS previous_total,
        unnest($7::int4[]) AS new_total, unnest($8::int4[]) AS previous_sold,
        unnest($9::int4[]) AS new_sold, unnest($10::int4[]) AS previous_reserved,
        unnest($11::int4[]) AS new_reserved, unnest($12::text[]) AS reason,
        unnest($13::timestamptz[]) AS created_at, unnest($14::uuid[]) AS event_id,
        unnest($15::int8[]) AS seq, unnest($16::bytea[]) AS chain_hash,
        unnest($17::timestamptz[]) AS effective_at, unnest($18::text[]) AS actor_kind,
        unnest($19::uuid[]) AS actor_id, unnest($20::uuid[]) AS reservation_id,
        unnest($21::text[]) AS order_id, unnest($22::text[]) AS disposition,
        unnest($23::text[]) AS channel, unnest($24::text[]) AS tender,
        unnest($25::uuid[]) AS shift_id) u
