-- What statements depend on, and what would hide rows from this role or refuse it.
WITH founding AS (
    SELECT x.name, to_regclass(x.name) AS oid
    FROM unnest(ARRAY['venues', 'events', 'ticket_types', 'ticket_reservations',
                      'inventory_audit_log']) AS x (name)
), order_ids AS (
    SELECT f.name, a.atttypid = 'uuid'::regtype AS is_uuid
    FROM founding f JOIN pg_attribute a ON a.attrelid = f.oid AND a.attname = 'order_id'
), managed AS (
    SELECT DISTINCT f.name
    FROM founding f
    JOIN pg_attribute a ON a.attrelid = f.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''
        AND a.attname NOT IN (
            'id', 'name', 'address', 'time_zone', 'created_at', 'updated_at', 'archived_at',
            'version', 'description', 'venue_id', 'start_date', 'end_date', 'published', 'featured',
            'image_url', 'currency', 'event_id', 'price', 'initial_inventory', 'total_inventory',
            'sold_count', 'reserved_count', 'sales_start', 'sales_end', 'max_per_order',
            'max_per_customer', 'settings_version', 'audit_seq', 'audit_hash', 'last_entry_at',
            'adopted_sold')
)
SELECT coalesce((SELECT is_uuid FROM order_ids WHERE name = 'ticket_reservations'), false),
    coalesce((SELECT is_uuid FROM order_ids WHERE name = 'inventory_audit_log'), false),
    EXISTS (SELECT FROM managed WHERE name = 'venues'),
    EXISTS (SELECT FROM managed WHERE name = 'events'),
    EXISTS (SELECT FROM managed WHERE name = 'ticket_types'),
    (SELECT string_agg(name, ', ') FROM founding WHERE oid IS NULL),
    (SELECT string_agg(name, ', ') FROM founding
     WHERE oid IS NOT NULL AND NOT has_table_privilege(oid, 'SELECT')),
    (SELECT string_agg(f.name, ', ') FROM founding f
     WHERE row_security_active(f.oid)
        AND (EXISTS (SELECT FROM pg_policy p
                     WHERE p.polrelid = f.oid AND NOT p.polpermissive
                        AND (0::oid = ANY (p.polroles)
                             OR EXISTS (SELECT FROM unnest(p.polroles) AS r (id)
                                        WHERE r.id <> 0 AND pg_has_role(r.id, 'USAGE'))))
             OR NOT EXISTS (SELECT FROM pg_policy p
                            WHERE p.polrelid = f.oid AND p.polpermissive AND p.polcmd IN ('*', 'r')
                                AND pg_get_expr(p.polqual, p.polrelid) = 'true'
                                AND (0::oid = ANY (p.polroles)
                                     OR EXISTS (SELECT FROM unnest(p.polroles) AS r (id)
                                                WHERE r.id <> 0 AND pg_has_role(r.id, 'USAGE'))))))
