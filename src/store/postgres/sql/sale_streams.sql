-- As type_streams, with the newest sale by $1 beside each type.
SELECT t.id, t.event_id, {newest_sale_part}
FROM ticket_types t
