INSERT INTO ticket_types (
    id, event_id, name, description, price, initial_inventory, total_inventory, sold_count,
    reserved_count, created_at, updated_at, sales_start, sales_end, max_per_order, max_per_customer,
    settings_version, audit_seq, audit_hash, last_entry_at, adopted_sold, archived_at)
SELECT
    unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::text[]), unnest($4::text[]),
    unnest($5::int4[]), unnest($6::int4[]), unnest($7::int4[]), unnest($8::int4[]),
    unnest($9::int4[]), unnest($10::timestamptz[]), unnest($11::timestamptz[]),
    unnest($12::timestamptz[]), unnest($13::timestamptz[]), unnest($14::int4[]),
    unnest($15::int4[]), unnest($16::int8[]), unnest($17::int8[]), unnest($18::bytea[]),
    unnest($19::timestamptz[]), unnest($20::int4[]), unnest($21::timestamptz[])
