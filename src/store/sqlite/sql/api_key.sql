SELECT k.* FROM api_keys k WHERE k.id = ?1
