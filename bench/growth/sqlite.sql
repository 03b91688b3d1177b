-- As postgres.sql, type by type.
PRAGMA foreign_keys = OFF;
PRAGMA synchronous = OFF;
CREATE TEMP TABLE numbered AS
SELECT id, event_id, total_inventory AS total, audit_seq, row_number() OVER (ORDER BY id) AS number
FROM ticket_types;
CREATE TEMP TABLE pairs (pair INTEGER PRIMARY KEY);
WITH RECURSIVE counted (pair) AS (
    SELECT 1 UNION ALL SELECT pair + 1 FROM counted WHERE pair < (SELECT pairs FROM bench))
INSERT INTO pairs SELECT pair FROM counted;
CREATE TEMP VIEW past AS
SELECT n.number * 100000 + p.pair AS at, p.pair, n.id, n.event_id, n.total, n.audit_seq,
    (unixepoch() - 60 * ((SELECT pairs FROM bench) - p.pair)) * 1000000 AS time
FROM numbered n
CROSS JOIN pairs p;
BEGIN;
INSERT INTO ticket_reservations (
    id, ticket_type_id, quantity, expires_at, status, created_at, updated_at, event_id, unit_price,
    currency)
SELECT CAST(printf('%016d', at) AS BLOB), id, 1, time, 'released', time, time, event_id, 8900, 'EUR'
FROM past;
INSERT INTO inventory_audit_log (
    id, ticket_type_id, action, quantity, previous_total, new_total, previous_sold, new_sold,
    previous_reserved, new_reserved, created_at, event_id, seq, chain_hash, actor_kind,
    reservation_id)
SELECT CAST(printf('%016d', 2 * p.at + h.half) AS BLOB), p.id,
    CASE h.half WHEN 0 THEN 'reserve' ELSE 'release' END, 1, p.total, p.total, 0, 0, h.half,
    1 - h.half, p.time, p.event_id, p.audit_seq + 2 * p.pair - 1 + h.half,
    CAST(printf('%032d', 2 * p.at + h.half) AS BLOB), 'system',
    CAST(printf('%016d', p.at) AS BLOB)
FROM past p
CROSS JOIN (SELECT 0 AS half UNION ALL SELECT 1) h;
UPDATE ticket_types
SET audit_seq = audit_seq + 2 * (SELECT pairs FROM bench),
    audit_hash = (
        SELECT l.chain_hash
        FROM inventory_audit_log l
        WHERE l.ticket_type_id = ticket_types.id
        ORDER BY l.seq DESC
        LIMIT 1);
COMMIT;
PRAGMA wal_checkpoint(TRUNCATE);
