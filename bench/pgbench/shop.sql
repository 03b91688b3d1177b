-- A thousand ticket types, ten of each event, that never sell out. Their ids are their numbers; the
-- first is the one that everyone wants.
INSERT INTO events (id, name, start_date, published)
SELECT lpad(number::text, 32, '0')::uuid, 'The evening that everyone waits for',
    now() + interval '7 days', true
FROM generate_series(1, 100) number;
INSERT INTO ticket_types (id, event_id, name, price, initial_inventory, total_inventory)
SELECT lpad(number::text, 32, '0')::uuid, lpad(((number + 9) / 10)::text, 32, '0')::uuid,
    'Stalls', 8900, 2000000000, 2000000000
FROM generate_series(1, 1000) number;
ANALYZE;
