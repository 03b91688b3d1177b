SELECT version, checksum FROM ticketd.schema_migrations ORDER BY version
