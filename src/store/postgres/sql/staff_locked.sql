SELECT {staff_part}
FROM ticketd.staff s
WHERE s.id = ANY ($1::uuid[]) OR $2::int8 > 0
ORDER BY s.created_at DESC, s.id DESC
