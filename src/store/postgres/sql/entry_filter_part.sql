($1::text IS NULL OR l.action = $1::text)
        AND ($2::uuid IS NULL OR l.user_id = $2::uuid)
        AND ($3::text IS NULL OR l.actor_kind = $3::text)
        AND ($4::uuid IS NULL OR l.actor_id = $4::uuid)
        AND ($5::uuid IS NULL OR l.actor_id = $5::uuid)
        AND ($6::text IS NULL OR l.channel = $6::text)
        AND ($7::text IS NULL OR l.tender = $7::text)
        AND (cardinality($8::uuid[]) = 0 OR l.event_id = ANY ($8::uuid[]))
        AND ($9::text IS NULL
            OR strpos(lower(l.reason COLLATE "C"), lower($9::text COLLATE "C")) > 0
            OR strpos(lower(l.order_id::text COLLATE "C"), lower($9::text COLLATE "C")) > 0)
        AND ($10::timestamptz IS NULL OR l.created_at >= $10::timestamptz)
        AND ($11::timestamptz IS NULL OR l.created_at < $11::timestamptz)
