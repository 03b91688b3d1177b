($1::uuid IS NULL OR r.user_id = $1::uuid)
        AND ($2::text IS NULL OR r.channel = $2::text)
        AND ($3::text IS NULL OR r.tender = $3::text)
        AND ($4::uuid IS NULL OR r.sold_by = $4::uuid)
        AND ($5::uuid IS NULL OR (r.sold_by = $5::uuid AND r.completed_at >= $6::timestamptz))
        AND ($7::text IS NULL OR r.status = $7::text
            OR ($7::text = 'expired' AND r.status = 'active'))
        AND (cardinality($8::uuid[]) = 0 OR r.event_id = ANY ($8::uuid[]))
        AND ($9::uuid IS NULL OR r.ticket_type_id = $9::uuid)
        AND ($10::text IS NULL
            OR strpos(lower(r.order_id::text COLLATE "C"), lower($10::text COLLATE "C")) > 0)
