-- Rows that no rule allows. {schema} is where the founding tables are, and where the search_path finds
-- them; columns that only some shops have are looked at through to_jsonb, and only where they are
-- there: it is dear.
WITH extra AS (
    SELECT a.attrelid::regclass AS relid, a.attname::text AS name FROM pg_attribute a
    WHERE a.attrelid IN ('events'::regclass, 'ticket_reservations'::regclass)
        AND a.attnum > 0 AND NOT a.attisdropped
), active AS (
    SELECT ticket_type_id, sum(quantity) AS quantity FROM {schema}.ticket_reservations
    WHERE status = 'active' AND quantity > 0 GROUP BY ticket_type_id
)
SELECT 'ticket_types', t.id::text,
    format('sold %s + reserved %s is more than the total of %s', t.sold_count, t.reserved_count,
           t.total_inventory)
FROM {schema}.ticket_types t
WHERE coalesce(t.sold_count, 0)::bigint + coalesce(t.reserved_count, 0) > t.total_inventory
UNION ALL
SELECT 'ticket_types', t.id::text,
    format('sold %s + %s in active reservations is more than the total of %s', t.sold_count,
           a.quantity, t.total_inventory)
FROM {schema}.ticket_types t JOIN active a ON a.ticket_type_id = t.id
WHERE coalesce(t.sold_count, 0)::bigint + coalesce(t.reserved_count, 0) <= t.total_inventory
    AND coalesce(t.sold_count, 0) + a.quantity > t.total_inventory
UNION ALL
SELECT 'ticket_types', t.id::text, format('a count is below 0 or above 2147483647: initial %s, '
    'total %s, sold %s, reserved %s', t.initial_inventory, t.total_inventory, t.sold_count,
    t.reserved_count)
FROM {schema}.ticket_types t
WHERE least(t.initial_inventory, t.total_inventory, t.sold_count, t.reserved_count) < 0
    OR greatest(t.initial_inventory, t.total_inventory) > 2147483647
UNION ALL
SELECT 'ticket_types', t.id::text, format('its price is %s', t.price)
FROM {schema}.ticket_types t WHERE t.price NOT BETWEEN 0 AND 2147483647
UNION ALL
SELECT 'ticket_types', t.id::text, format('its event %s is not there', t.event_id)
FROM {schema}.ticket_types t
WHERE t.event_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM {schema}.events e WHERE e.id = t.event_id)
UNION ALL
SELECT 'ticket_reservations', r.id::text, format('its quantity is %s', r.quantity)
FROM {schema}.ticket_reservations r WHERE r.quantity NOT BETWEEN 1 AND 2147483647
UNION ALL
SELECT 'ticket_reservations', r.id::text,
    format('its status is %L: known are active, completed, released, expired', r.status)
FROM {schema}.ticket_reservations r
WHERE r.status NOT IN ('active', 'completed', 'released', 'expired')
UNION ALL
SELECT 'ticket_reservations', r.id::text, 'it is active and never expires'
FROM {schema}.ticket_reservations r WHERE r.status = 'active' AND r.expires_at IS NULL
UNION ALL
SELECT 'ticket_reservations', r.id::text,
    format('its ticket type %s is not there', r.ticket_type_id)
FROM {schema}.ticket_reservations r
WHERE r.ticket_type_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM {schema}.ticket_types t WHERE t.id = r.ticket_type_id)
UNION ALL
SELECT 'ticket_reservations', r.id::text,
    format('it names the event %s, but its ticket type belongs to %s', to_jsonb(r) ->> 'event_id',
           t.event_id)
FROM {schema}.ticket_reservations r JOIN {schema}.ticket_types t ON t.id = r.ticket_type_id
WHERE (SELECT count(*) FROM extra WHERE relid <> 'events'::regclass AND name = 'event_id') > 0
    AND to_jsonb(r) ->> 'event_id' <> t.event_id::text
UNION ALL
SELECT 'ticket_reservations', r.id::text,
    format('its channel is %L: known are online, box_office, partner, comp',
           to_jsonb(r) ->> 'channel')
FROM {schema}.ticket_reservations r
WHERE (SELECT count(*) FROM extra WHERE name = 'channel') > 0
    AND to_jsonb(r) ->> 'channel' NOT IN ('online', 'box_office', 'partner', 'comp')
UNION ALL
SELECT 'ticket_reservations', r.id::text,
    format('its currency is %L: three capital letters are needed', to_jsonb(r) ->> 'currency')
FROM {schema}.ticket_reservations r
WHERE (SELECT count(*) FROM extra WHERE name = 'currency') > 0
    AND to_jsonb(r) ->> 'currency' !~ '^[A-Z]{3}$'
UNION ALL
SELECT 'events', e.id::text,
    format('its currency is %L: three capital letters are needed', to_jsonb(e) ->> 'currency')
FROM {schema}.events e WHERE to_jsonb(e) ->> 'currency' !~ '^[A-Z]{3}$'
UNION ALL
SELECT x.name, x.id::text, 'this id means "none"'
FROM (SELECT 'venues' AS name, id FROM {schema}.venues
      UNION ALL SELECT 'events', id FROM {schema}.events
      UNION ALL SELECT 'ticket_types', id FROM {schema}.ticket_types
      UNION ALL SELECT 'ticket_reservations', id FROM {schema}.ticket_reservations) AS x
WHERE x.id = '00000000-0000-0000-0000-000000000000'
ORDER BY 1, 2, 3
