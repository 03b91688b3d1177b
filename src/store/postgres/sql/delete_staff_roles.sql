DELETE FROM ticketd.staff_roles r WHERE r.staff_id = ANY ($1::uuid[])
