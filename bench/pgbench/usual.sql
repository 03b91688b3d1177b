-- What shops do: four statements under the lock of the row that everyone wants, then a commit.
\set number random(1, :types)
BEGIN;
SELECT id AS type, event_id AS event, price, total_inventory AS total, sold_count AS sold,
    reserved_count AS reserved, audit_seq + 1 AS seq
FROM ticket_types
WHERE id = lpad(:number::text, 32, '0')::uuid AND sold_count + reserved_count < total_inventory
FOR UPDATE \gset
INSERT INTO ticket_reservations (
    ticket_type_id, quantity, expires_at, status, event_id, unit_price, currency)
VALUES (:type::uuid, 1, now() + interval '15 minutes', 'active', :event::uuid, :price::int4, 'EUR')
RETURNING id AS reservation \gset
UPDATE ticket_types
SET reserved_count = :reserved::int4 + 1, updated_at = now(), audit_seq = :seq::int8,
    last_entry_at = now()
WHERE id = :type::uuid;
INSERT INTO inventory_audit_log (
    ticket_type_id, action, quantity, previous_total, new_total, previous_sold, new_sold,
    previous_reserved, new_reserved, event_id, seq, chain_hash, actor_kind, reservation_id)
VALUES (
    :type::uuid, 'reserve', 1, :total::int4, :total::int4, :sold::int4, :sold::int4,
    :reserved::int4, :reserved::int4 + 1, :event::uuid, :seq::int8, decode(repeat('00', 32), 'hex'),
    'system', :reservation::uuid);
COMMIT;
