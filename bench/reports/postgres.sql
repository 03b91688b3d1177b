-- Sells the ten ticket types of one event for sixty days, so many times each (bench.pairs): someone
-- reserved and bought, and each fiftieth gave it back. Hashes are made up, but each type knows the
-- last of its log. References are known to be right.
SET session_replication_role = replica;
CREATE TEMP TABLE numbered AS
SELECT id, event_id, audit_seq, row_number() OVER (ORDER BY id) AS number
FROM ticket_types
WHERE event_id = (SELECT event_id FROM ticket_types ORDER BY id LIMIT 1);
CREATE TEMP VIEW past AS
SELECT p.pair * 10 + n.number AS at, p.pair, n.id, n.event_id,
    n.audit_seq + 2 * p.pair - 1 + (p.pair - 1) / 50 AS seq,
    (p.pair - 1 - (p.pair - 1) / 50)::integer AS sold,
    now() - interval '60 days' + p.pair * (interval '60 days' / b.pairs) - interval '1 second'
        AS "time",
    CASE p.pair % 10 WHEN 7 THEN 'partner' WHEN 8 THEN 'box_office' WHEN 9 THEN 'comp' ELSE 'online'
    END AS channel,
    CASE WHEN p.pair % 10 = 8 THEN CASE p.pair % 3 WHEN 0 THEN 'card' ELSE 'cash' END END AS tender,
    lpad(to_hex(p.pair % 10 % 8 + 16), 32, '0')::uuid AS seller
FROM bench b
CROSS JOIN LATERAL generate_series(1, b.pairs) p (pair)
CROSS JOIN numbered n;
INSERT INTO ticket_reservations (
    id, ticket_type_id, quantity, expires_at, status, created_at, updated_at, event_id, unit_price,
    currency, channel, tender, sold_by, refunded_quantity, completed_at)
SELECT lpad(to_hex(p.at), 32, '0')::uuid, p.id, 1, p."time", 'completed', p."time", p."time",
    p.event_id, 8900, 'EUR', p.channel, p.tender, p.seller, (p.pair % 50 = 0)::integer, p."time"
FROM past p;
INSERT INTO inventory_audit_log (
    id, ticket_type_id, action, quantity, previous_total, new_total, previous_sold, new_sold,
    previous_reserved, new_reserved, created_at, event_id, seq, chain_hash, actor_kind, actor_id,
    reservation_id, disposition, channel, tender)
SELECT lpad(to_hex(3 * p.at + step), 32, '0')::uuid, p.id,
    CASE step WHEN 0 THEN 'reserve' WHEN 1 THEN 'sale' ELSE 'refund' END, 1, 2000000000, 2000000000,
    p.sold + (step = 2)::integer, p.sold + (step = 1)::integer, (step = 1)::integer,
    (step = 0)::integer, p."time", p.event_id, p.seq + step,
    decode(lpad(to_hex(3 * p.at + step), 64, '0'), 'hex'), 'key', p.seller,
    lpad(to_hex(p.at), 32, '0')::uuid, CASE step WHEN 2 THEN 'return' END,
    CASE WHEN step > 0 THEN p.channel END, CASE WHEN step > 0 THEN p.tender END
FROM past p
CROSS JOIN generate_series(0, 2) step
WHERE step < 2 OR p.pair % 50 = 0;
UPDATE ticket_types t
SET audit_seq = l.seq, audit_hash = l.chain_hash, last_entry_at = l.created_at,
    total_inventory = 2000000000, sold_count = l.new_sold
FROM numbered n, inventory_audit_log l
WHERE n.id = t.id AND l.ticket_type_id = t.id
    AND l.seq = (SELECT max(m.seq) FROM inventory_audit_log m WHERE m.ticket_type_id = n.id);
UPDATE events
SET created_at = created_at - interval '61 days'
WHERE id IN (SELECT event_id FROM numbered);
UPDATE ticket_types
SET created_at = created_at - interval '61 days'
WHERE id IN (SELECT id FROM numbered);
