-- Of a reservation that is released or expired nothing else can have changed. What has ended counts
-- for no limit: a customer who reserves and releases over and over must not make each decision longer.
-- The last line ends the transaction (division by zero) where the rows are not as they were read.
WITH written AS (
    UPDATE ticket_reservations r
    SET quantity = u.quantity, expires_at = u.expires_at, status = u.status,
        updated_at = u.updated_at, limited_user_id = NULL
    FROM (
        SELECT
            unnest($1::uuid[]) AS id, unnest($2::int4[]) AS quantity,
            unnest($3::timestamptz[]) AS expires_at, unnest($4::text[]) AS status,
            unnest($5::timestamptz[]) AS updated_at, unnest($6::text[]) AS read_status) u
    WHERE r.id = u.id AND r.status = u.read_status
    RETURNING 1
)
SELECT 1 / (CASE WHEN count(*) = $7::int8 THEN 1 ELSE 0 END) FROM written
