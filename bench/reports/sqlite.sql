-- As postgres.sql.
PRAGMA foreign_keys = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -400000;
CREATE TEMP TABLE numbered AS
SELECT id, event_id, audit_seq, row_number() OVER (ORDER BY id) AS number
FROM ticket_types
WHERE event_id = (SELECT event_id FROM ticket_types ORDER BY id LIMIT 1);
CREATE TEMP VIEW past AS
WITH RECURSIVE counted (pair) AS (
    SELECT 1 UNION ALL SELECT pair + 1 FROM counted WHERE pair < (SELECT pairs FROM bench))
SELECT c.pair * 10 + n.number AS at, c.pair, n.id, n.event_id,
    n.audit_seq + 2 * c.pair - 1 + (c.pair - 1) / 50 AS seq, c.pair - 1 - (c.pair - 1) / 50 AS sold,
    (unixepoch() - 60 * 86400) * 1000000
        + CAST(c.pair * (60.0 * 86400 * 1000000 / (SELECT pairs FROM bench)) AS INTEGER) - 1000000
        AS time,
    CASE c.pair % 10 WHEN 7 THEN 'partner' WHEN 8 THEN 'box_office' WHEN 9 THEN 'comp' ELSE 'online'
    END AS channel,
    CASE WHEN c.pair % 10 = 8 THEN CASE c.pair % 3 WHEN 0 THEN 'card' ELSE 'cash' END END AS tender,
    CAST(printf('operator%08d', c.pair % 10 % 8) AS BLOB) AS seller
FROM counted c
CROSS JOIN numbered n;
BEGIN;
INSERT INTO ticket_reservations (
    id, ticket_type_id, quantity, expires_at, status, created_at, updated_at, event_id, unit_price,
    currency, channel, tender, sold_by, refunded_quantity, completed_at)
SELECT CAST(printf('%016d', at) AS BLOB), id, 1, time, 'completed', time, time, event_id, 8900,
    'EUR', channel, tender, seller, pair % 50 = 0, time
FROM past;
INSERT INTO inventory_audit_log (
    id, ticket_type_id, action, quantity, previous_total, new_total, previous_sold, new_sold,
    previous_reserved, new_reserved, created_at, event_id, seq, chain_hash, actor_kind, actor_id,
    reservation_id, disposition, channel, tender)
SELECT CAST(printf('%016d', 3 * p.at + s.step) AS BLOB), p.id,
    CASE s.step WHEN 0 THEN 'reserve' WHEN 1 THEN 'sale' ELSE 'refund' END, 1, 2000000000,
    2000000000, p.sold + (s.step = 2), p.sold + (s.step = 1), s.step = 1, s.step = 0, p.time,
    p.event_id, p.seq + s.step, CAST(printf('%032d', 3 * p.at + s.step) AS BLOB), 'key', p.seller,
    CAST(printf('%016d', p.at) AS BLOB), CASE s.step WHEN 2 THEN 'return' END,
    CASE WHEN s.step > 0 THEN p.channel END, CASE WHEN s.step > 0 THEN p.tender END
FROM numbered n
CROSS JOIN past p ON p.id = n.id
CROSS JOIN (SELECT 0 AS step UNION ALL SELECT 1 UNION ALL SELECT 2) s
WHERE s.step < 2 OR p.pair % 50 = 0;
UPDATE ticket_types
SET audit_seq = l.seq, audit_hash = l.chain_hash, last_entry_at = l.created_at,
    total_inventory = 2000000000, sold_count = l.new_sold
FROM numbered n, inventory_audit_log l
WHERE n.id = ticket_types.id AND l.ticket_type_id = n.id
    AND l.seq = (SELECT max(m.seq) FROM inventory_audit_log m WHERE m.ticket_type_id = n.id);
UPDATE events
SET created_at = created_at - 61 * 86400 * 1000000
WHERE id IN (SELECT event_id FROM numbered);
UPDATE ticket_types
SET created_at = created_at - 61 * 86400 * 1000000
WHERE id IN (SELECT id FROM numbered);
COMMIT;
ANALYZE;
PRAGMA wal_checkpoint(TRUNCATE);
