-- What ticketd wants to know of reservations that were made before it, from their ticket types.
SELECT 'step',
    'reservations from before ticketd: their event; as unit price the type''s price of today (what '
    || 'was paid is not known); as currency their event''s; a completed one was sold online, when '
    || 'it last changed',
    format(
'UPDATE %1$I.ticket_reservations r
SET event_id = coalesce(r.event_id, t.event_id),
    unit_price = coalesce(r.unit_price, t.price),
    currency = coalesce(r.currency, e.currency),
    completed_at = CASE WHEN r.status = ''completed''
        THEN coalesce(r.completed_at, r.updated_at) END,
    channel = CASE WHEN r.status = ''completed'' THEN coalesce(r.channel, ''online'') END
FROM %1$I.ticket_types t JOIN %1$I.events e ON e.id = t.event_id
WHERE t.id = r.ticket_type_id;
ALTER TABLE %1$I.ticket_reservations ALTER COLUMN event_id SET NOT NULL;
ALTER TABLE %1$I.ticket_reservations ALTER COLUMN unit_price SET NOT NULL;
ALTER TABLE %1$I.ticket_reservations ALTER COLUMN currency SET NOT NULL', $1::text)
