SELECT k.* FROM api_keys k ORDER BY k.created_at DESC, k.id DESC
