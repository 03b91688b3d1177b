-- For each type the seq behind which its entries are later than the time beside it.
SELECT {seq_at_part}
FROM unnest($1::uuid[], $2::timestamptz[]) WITH ORDINALITY s (id, at, number)
ORDER BY s.number
