-- ?22: audit_seq as it was read. Event, initial inventory and creation never change.
UPDATE ticket_types
SET name = ?3, description = ?4, price = ?5, total_inventory = ?7, sold_count = ?8,
    reserved_count = ?9, updated_at = ?11, sales_start = ?12, sales_end = ?13, max_per_order = ?14,
    max_per_customer = ?15, settings_version = ?16, audit_seq = ?17, audit_hash = ?18,
    last_entry_at = ?19, adopted_sold = ?20, archived_at = ?21
WHERE id = ?1 AND audit_seq = ?22
