-- The best that one statement can do: one trip, and the row is locked from its update on only.
\set number random(1, :types)
WITH type AS (
    UPDATE ticket_types
    SET reserved_count = reserved_count + 1, updated_at = now(), audit_seq = audit_seq + 1,
        last_entry_at = now()
    WHERE id = lpad(:number::text, 32, '0')::uuid AND sold_count + reserved_count < total_inventory
    RETURNING id, event_id, price, total_inventory, sold_count, reserved_count, audit_seq
), reservation AS (
    INSERT INTO ticket_reservations (
        ticket_type_id, quantity, expires_at, status, event_id, unit_price, currency)
    SELECT id, 1, now() + interval '15 minutes', 'active', event_id, price, 'EUR'
    FROM type
    RETURNING id
)
INSERT INTO inventory_audit_log (
    ticket_type_id, action, quantity, previous_total, new_total, previous_sold, new_sold,
    previous_reserved, new_reserved, event_id, seq, chain_hash, actor_kind, reservation_id)
SELECT t.id, 'reserve', 1, t.total_inventory, t.total_inventory, t.sold_count, t.sold_count,
    t.reserved_count - 1, t.reserved_count, t.event_id, t.audit_seq,
    decode(repeat('00', 32), 'hex'), 'system', r.id
FROM type t
CROSS JOIN reservation r;
