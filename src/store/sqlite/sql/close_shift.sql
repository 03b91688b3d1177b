UPDATE shifts
SET counted_cash = ?6, expected_cash = ?7, note = ?8, closed_at = ?10
WHERE id = ?1 AND closed_at IS NULL
