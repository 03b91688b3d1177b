-- Each ticket type takes up the head of the log that was opened for it, and remembers what it sold
-- without a reservation that says so.
WITH heads AS (
    SELECT DISTINCT ON (ticket_type_id) ticket_type_id, seq, chain_hash, created_at, new_reserved
    FROM {schema}.inventory_audit_log WHERE seq IS NOT NULL
    ORDER BY ticket_type_id, seq DESC
)
UPDATE {schema}.ticket_types t
SET audit_seq = h.seq, audit_hash = h.chain_hash, last_entry_at = h.created_at,
    reserved_count = h.new_reserved
FROM heads h
WHERE h.ticket_type_id = t.id;

UPDATE {schema}.ticket_types t
SET adopted_sold = t.sold_count - coalesce(s.quantity, 0)
FROM {schema}.ticket_types x
LEFT JOIN (
    SELECT ticket_type_id, sum(quantity - refunded_quantity) AS quantity
    FROM {schema}.ticket_reservations WHERE status = 'completed' GROUP BY ticket_type_id
) AS s ON s.ticket_type_id = x.id
WHERE x.id = t.id AND t.sold_count <> coalesce(s.quantity, 0);

-- What was filled has other values now: the first queries should not be planned by what was there.
ANALYZE {schema}.ticket_types, {schema}.ticket_reservations, {schema}.inventory_audit_log
