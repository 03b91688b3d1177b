-- Columns of the founding names whose type ticketd can neither read nor keep.
WITH compared AS (
    SELECT c.oid AS relid, c.relname, there.attname, there.attnum, there.attgenerated,
        format_type(there.atttypid, there.atttypmod) AS has,
        format_type(a.atttypid, a.atttypmod) AS wants,
        CASE a.atttypid
            WHEN 'integer'::regtype THEN there.atttypid IN ('integer'::regtype, 'bigint'::regtype)
            WHEN 'bigint'::regtype THEN there.atttypid IN ('integer'::regtype, 'bigint'::regtype)
            WHEN 'text'::regtype THEN
                there.atttypid IN ('text'::regtype, 'character varying'::regtype)
                OR (a.attname = 'order_id' AND there.atttypid = 'uuid'::regtype)
            ELSE there.atttypid = a.atttypid
        END AS fits
    FROM pg_class w
    JOIN pg_attribute a ON a.attrelid = w.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_class c ON c.relname = w.relname AND c.relkind = 'r'
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
    JOIN pg_attribute there
        ON there.attrelid = c.oid AND there.attname = a.attname AND NOT there.attisdropped
    WHERE w.relnamespace = 'ticketd_wanted'::regnamespace AND w.relkind = 'r'
)
SELECT 'blocker',
    CASE WHEN attgenerated <> ''
        THEN format('%s.%s is generated: ticketd must write it', relname, attname)
        ELSE format('%s.%s is %s, but must be %s: change its type, or rename it if it means '
                    'something else', relname, attname, has, wants) END,
    NULL
FROM compared
WHERE NOT fits OR attgenerated <> ''
ORDER BY relid, attnum
