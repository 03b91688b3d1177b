INSERT INTO ticket_reservations (id, ticket_type_id, quantity, user_id, expires_at, status,
    order_id, created_at, updated_at, event_id, cart_id, unit_price, currency, channel, tender,
    sold_by, shift_id, refunded_quantity, completed_at, limited_user_id)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
    ?20)
