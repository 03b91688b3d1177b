INSERT INTO carts (id, event_id, user_id, status, expires_at, order_id, currency, channel, tender,
    sold_by, shift_id, created_at, updated_at, completed_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
