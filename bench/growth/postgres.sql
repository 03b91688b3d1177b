-- Gives every ticket type a past: so many times (bench.pairs) someone reserved and let go. Hashes
-- are made up, but each type knows the last of its log. Types are put in a row in time, as sales
-- of many events at once are. References are known to be right.
SET session_replication_role = replica;
CREATE TEMP TABLE numbered AS
SELECT id, event_id, total_inventory AS total, audit_seq, row_number() OVER (ORDER BY id) AS number
FROM ticket_types;
CREATE TEMP VIEW past AS
SELECT pair * 10000 + number AS at, pair, t.id, t.event_id, t.total, t.audit_seq,
    now() - (b.pairs - pair) * interval '1 minute' AS "time"
FROM bench b
CROSS JOIN LATERAL generate_series(1, b.pairs) pair
CROSS JOIN numbered t;
INSERT INTO ticket_reservations (
    id, ticket_type_id, quantity, expires_at, status, created_at, updated_at, event_id, unit_price,
    currency)
SELECT lpad(to_hex(p.at), 32, '0')::uuid, p.id, 1, p."time", 'released', p."time", p."time",
    p.event_id, 8900, 'EUR'
FROM past p;
INSERT INTO inventory_audit_log (
    id, ticket_type_id, action, quantity, previous_total, new_total, previous_sold, new_sold,
    previous_reserved, new_reserved, created_at, event_id, seq, chain_hash, actor_kind,
    reservation_id)
SELECT lpad(to_hex(2 * p.at + half), 32, '0')::uuid, p.id,
    CASE half WHEN 0 THEN 'reserve' ELSE 'release' END, 1, p.total, p.total, 0, 0, half, 1 - half,
    p."time", p.event_id, p.audit_seq + 2 * p.pair - 1 + half,
    decode(lpad(to_hex(2 * p.at + half), 64, '0'), 'hex'), 'system',
    lpad(to_hex(p.at), 32, '0')::uuid
FROM past p
CROSS JOIN generate_series(0, 1) half;
UPDATE ticket_types t
SET audit_seq = l.seq, audit_hash = l.chain_hash
FROM numbered n, bench b, inventory_audit_log l
WHERE n.id = t.id AND l.ticket_type_id = t.id AND l.seq = n.audit_seq + 2 * b.pairs;
