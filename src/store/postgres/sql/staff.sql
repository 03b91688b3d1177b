SELECT {staff_part}
FROM ticketd.staff s
ORDER BY s.created_at DESC, s.id DESC
