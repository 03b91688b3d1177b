INSERT INTO ticket_types (
    id, event_id, name, description, price, initial_inventory, total_inventory, sold_count,
    reserved_count, created_at, updated_at, sales_start, sales_end, max_per_order, max_per_customer,
    settings_version, audit_seq, audit_hash, last_entry_at, adopted_sold, archived_at)
SELECT *
FROM unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int4[], $6::int4[], $7::int4[], $8::int4[],
    $9::int4[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[],
    $14::int4[], $15::int4[], $16::int8[], $17::int8[], $18::bytea[], $19::timestamptz[],
    $20::int4[], $21::timestamptz[]) u (
    id, event_id, name, description, price, initial_inventory, total_inventory, sold_count,
    reserved_count, created_at, updated_at, sales_start, sales_end, max_per_order, max_per_customer,
    settings_version, audit_seq, audit_hash, last_entry_at, adopted_sold, archived_at)
