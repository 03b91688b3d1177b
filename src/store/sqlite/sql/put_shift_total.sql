INSERT INTO shift_totals (
    shift_id, tender, sales, tickets_sold, tickets_refunded, gross, refunds)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (shift_id, tender) DO UPDATE
SET sales = ?3, tickets_sold = ?4, tickets_refunded = ?5, gross = ?6, refunds = ?7
