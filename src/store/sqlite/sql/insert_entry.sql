INSERT INTO inventory_audit_log (id, ticket_type_id, user_id, action, quantity, previous_total,
    new_total, previous_sold, new_sold, previous_reserved, new_reserved, reason, created_at,
    event_id, seq, chain_hash, effective_at, actor_kind, actor_id, reservation_id, order_id,
    disposition, channel, tender, shift_id)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
    ?21, ?22, ?23, ?24, ?25)
