SELECT t.* FROM shift_totals t WHERE t.shift_id = ?1 ORDER BY t.tender
