-- Of a reservation that is released or expired nothing else can have changed; naming fewer columns
-- leaves the indexes of sales alone. What has ended counts for no limit: a customer who reserves
-- and releases over and over must not make each decision longer. ?21: status as it was read.
UPDATE ticket_reservations
SET quantity = ?3, expires_at = ?5, status = ?6, updated_at = ?9, limited_user_id = NULL
WHERE id = ?1 AND status = ?21
