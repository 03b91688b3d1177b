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
    FROM (
        SELECT
            unnest($1::uuid[]) AS id, unnest($2::uuid[]) AS event_id, unnest($3::text[]) AS name,
            unnest($4::text[]) AS description, unnest($5::int4[]) AS price,
            unnest($6::int4[]) AS initial_inventory, unnest($7::int4[]) AS total_inventory,
            unnest($8::int4[]) AS sold_count, unnest($9::int4[]) AS reserved_count,
            unnest($10::timestamptz[]) AS created_at, unnest($11::timestamptz[]) AS updated_at,
            unnest($12::timestamptz[]) AS sales_start, unnest($13::timestamptz[]) AS sales_end,
            unnest($14::int4[]) AS max_per_order, unnest($15::int4[]) AS max_per_customer,
            unnest($16::int8[]) AS settings_version, unnest($17::int8[]) AS audit_seq,
            unnest($18::bytea[]) AS audit_hash, unnest($19::timestamptz[]) AS last_entry_at,
            unnest($20::int4[]) AS adopted_sold, unnest($21::timestamptz[]) AS archived_at,
            unnest($22::int8[]) AS read_seq) u
    WHERE t.id = u.id AND t.audit_seq = u.read_seq
    RETURNING 1
)
SELECT 1 / (CASE WHEN count(*) = $23::int8 THEN 1 ELSE 0 END) FROM written
