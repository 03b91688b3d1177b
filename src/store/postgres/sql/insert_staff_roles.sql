INSERT INTO ticketd.staff_roles (staff_id, role, event_id, created_at)
SELECT
    unnest($1::uuid[]), unnest($2::text[]), unnest($3::uuid[]), unnest($4::timestamptz[])
