-- Was anything of these events ever reserved or sold? A type's log begins with its increases.
SELECT e.id
FROM unnest($1::uuid[]) e (id)
WHERE EXISTS (
    SELECT 1
    FROM ticket_types t
    WHERE t.event_id = e.id
        AND (t.sold_count > 0 OR t.reserved_count > 0 OR t.adopted_sold > 0
            OR EXISTS (
                SELECT 1
                FROM inventory_audit_log l
                WHERE l.ticket_type_id = t.id AND l.action NOT IN ('increase', 'decrease'))))
