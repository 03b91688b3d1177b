-- A limit is new to these types: what their customers have already counts, too. What has ended gets
-- its limited_user_id if it is ever completed late.
UPDATE ticket_reservations r
SET limited_user_id = r.user_id
FROM unnest($1::uuid[]) t (id)
CROSS JOIN LATERAL (
    SELECT a.id
    FROM ticket_reservations a
    WHERE a.ticket_type_id = t.id AND a.status = 'active'
    UNION ALL
    SELECT s.id
    FROM ticket_reservations s
    WHERE s.ticket_type_id = t.id AND s.status = 'completed') l
WHERE r.id = l.id AND r.user_id IS NOT NULL AND r.limited_user_id IS NULL
