SELECT {api_key k} FROM ticketd.api_keys k ORDER BY k.created_at DESC, k.id DESC
