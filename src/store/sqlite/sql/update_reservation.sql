-- ?21: status as it was read. Whose it is, of what type and in which cart never changes.
UPDATE ticket_reservations
SET quantity = ?3, expires_at = ?5, status = ?6, order_id = ?7, updated_at = ?9, unit_price = ?12,
    channel = ?14, tender = ?15, sold_by = ?16, shift_id = ?17, refunded_quantity = ?18,
    completed_at = ?19, limited_user_id = ?20
WHERE id = ?1 AND status = ?21
