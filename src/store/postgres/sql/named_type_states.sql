-- As type_states, where nothing but types is named.
SELECT t.id, l.seq, l.chain_hash, a.expires_at
FROM unnest($1::uuid[]) t (id)
{type_state_part}
