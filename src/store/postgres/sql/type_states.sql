-- The head of each type's log as the log itself has it, and when its next reservation expires.
SELECT t.id, l.seq, l.chain_hash, a.expires_at
FROM (
{touched_types_part}) t
{type_state_part}
