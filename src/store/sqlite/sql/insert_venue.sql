INSERT INTO venues (id, name, address, time_zone, created_at, updated_at, archived_at, version)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
