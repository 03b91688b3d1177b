UPDATE events
SET name = ?2, description = ?3, venue_id = ?4, start_date = ?5, end_date = ?6, updated_at = ?8,
    published = ?9, featured = ?10, image_url = ?11, currency = ?12, time_zone = ?13,
    archived_at = ?14, version = ?15
WHERE id = ?1
