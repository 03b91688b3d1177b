-- What a shift's totals add up: paid for by entries of tills alone.
CREATE INDEX idx_inventory_audit_shift_id
    ON inventory_audit_log (shift_id) WHERE shift_id IS NOT NULL;
