INSERT INTO ticket_types (id, event_id, name, description, price, initial_inventory,
    total_inventory, sold_count, reserved_count, created_at, updated_at, sales_start, sales_end,
    max_per_order, max_per_customer, settings_version, audit_seq, audit_hash, last_entry_at,
    adopted_sold, archived_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
    ?21)
