SELECT t.id, t.event_id, {newest_sale_part}
FROM ticket_types t
WHERE t.event_id = ANY ($2::uuid[])
