-- Each ticket type as it is found, with what its reservations add up to; after $1, at most $2.
SELECT t.id, t.event_id, t.name::text, t.initial_inventory::bigint, t.total_inventory::bigint,
    coalesce(t.sold_count, 0)::bigint, coalesce(t.reserved_count, 0)::bigint,
    coalesce(sum(r.quantity) FILTER (WHERE r.status = 'active'), 0)::bigint,
    coalesce(sum(r.quantity - CASE
            WHEN (SELECT count(*) FROM pg_attribute
                  WHERE attrelid = 'ticket_reservations'::regclass
                      AND attname = 'refunded_quantity' AND NOT attisdropped) = 0 THEN 0
            ELSE coalesce((to_jsonb(r) ->> 'refunded_quantity')::integer, 0) END)
        FILTER (WHERE r.status = 'completed'), 0)::bigint
FROM (SELECT * FROM {schema}.ticket_types WHERE id > $1::uuid ORDER BY id LIMIT $2::integer) AS t
LEFT JOIN {schema}.ticket_reservations r ON r.ticket_type_id = t.id
GROUP BY t.id, t.event_id, t.name, t.initial_inventory, t.total_inventory, t.sold_count,
    t.reserved_count
ORDER BY t.id
