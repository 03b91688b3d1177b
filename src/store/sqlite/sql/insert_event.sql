INSERT INTO events (id, name, description, venue_id, start_date, end_date, created_at, updated_at,
    published, featured, image_url, currency, time_zone, archived_at, version)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
