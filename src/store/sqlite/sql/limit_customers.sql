-- A limit is new to a type: what its customers have already counts, too. What has ended gets its
-- limited_user_id if it is ever completed late.
UPDATE ticket_reservations
SET limited_user_id = user_id
WHERE id IN (
    SELECT id FROM ticket_reservations WHERE ticket_type_id = ?1 AND status = 'active'
    UNION ALL
    SELECT id FROM ticket_reservations WHERE ticket_type_id = ?1 AND status = 'completed')
    AND user_id IS NOT NULL AND limited_user_id IS NULL
