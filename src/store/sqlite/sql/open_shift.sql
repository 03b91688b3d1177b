SELECT s.* FROM shifts s WHERE s.operator_id = ?1 AND s.closed_at IS NULL
