-- Event, initial inventory and creation never change.
-- The last line ends the transaction (division by zero) where the rows are not as they were read.
WITH written AS (
    UPDATE ticket_types t
    SET
        name = u.name, description = u.description, price = u.price,
        total_inventory = u.total_inventory, sold_count = u.sold_count,
        reserved_count = u.reserved_count, updated_at = u.updated_at, sales_start = u.sales_start,
        sales_end = u.sales_end, max_per_order = u.max_per_order,
        max_per_customer = u.max_per_customer, settings_version = u.settings_version,
        audit_seq = u.audit_seq, audit_hash = u.audit_hash, last_entry_at = u.last_entry_at,
        adopted_sold = u.adopted_sold, archived_at = u.archived_at
    FROM unnest(
        $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int4[], $6::int4[], $7::int4[],
        $8::int4[],
        $9::int4[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[],
        $14::int4[], $15::int4[], $16::int8[], $17::int8[], $18::bytea[], $19::timestamptz[],
        $20::int4[], $21::timestamptz[], $22::int8[]) u (
        id, event_id, name, description, price, initial_inventory, total_inventory, sold_count,
        reserved_count, created_at, updated_at, sales_start, sales_end, max_per_order,
        max_per_customer,
        settings_version, audit_seq, audit_hash, last_entry_at, adopted_sold, archived_at, read_seq)
    WHERE t.id = u.id AND t.audit_seq = u.read_seq
    RETURNING 1
)
SELECT 1 / (CASE WHEN count(*) = $23::int8 THEN 1 ELSE 0 END) FROM written
