-- A limit is new to a type: what its customers have already counts, too. What has ended gets its
-- limited_user_id if it is ever completed late. Before update_types: the old row tells.
UPDATE ticket_reservations r
SET limited_user_id = r.user_id
FROM ticket_types t
WHERE t.id = ANY ($1::uuid[]) AND t.max_per_customer IS NULL
    AND r.ticket_type_id = t.id AND r.status IN ('active', 'completed')
    AND r.user_id IS NOT NULL AND r.limited_user_id IS NULL
