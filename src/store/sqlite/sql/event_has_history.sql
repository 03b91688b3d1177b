-- Was anything of this event ever reserved or sold? A type's log begins with its increases.
SELECT 1
FROM ticket_types t
WHERE t.event_id = ?1
    AND (t.sold_count > 0 OR t.reserved_count > 0 OR t.adopted_sold > 0
        OR EXISTS (
            SELECT 1
            FROM inventory_audit_log l
            WHERE l.ticket_type_id = t.id AND l.action NOT IN ('increase', 'decrease')))
LIMIT 1
