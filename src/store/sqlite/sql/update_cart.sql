-- ?15: status as it was read.
UPDATE carts
SET user_id = ?3, status = ?4, expires_at = ?5, order_id = ?6, currency = ?7, channel = ?8,
    tender = ?9, sold_by = ?10, shift_id = ?11, updated_at = ?13, completed_at = ?14
WHERE id = ?1 AND status = ?15
