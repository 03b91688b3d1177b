-- The roles of ticketd in a PostgreSQL cluster. Once, as a superuser, in the database that it is for:
--
--     psql -d DATABASE -f roles.sql
--     psql -d DATABASE -c '\password ticketd_owner' -c '\password ticketd_app'
--
-- ticketd_owner     runs `ticketd migrate`: makes the schema and owns it
-- ticketd_app       runs `ticketd serve`: adds to the log, changes nothing in it, makes no tables
-- ticketd_reporter  reads events, sales and the log: never keys, sessions or passwords
--
-- Where a shop's tables are adopted, their owner runs `ticketd migrate`, and ticketd_owner is not
-- needed. The rights themselves are given by `ticketd migrate`: run it again after this file.
-- Running this file again does no harm.

SELECT format('CREATE ROLE %I LOGIN', name)
FROM unnest(ARRAY['ticketd_owner', 'ticketd_app', 'ticketd_reporter']) AS x (name)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

SELECT format('GRANT USAGE ON SCHEMA %I TO ticketd_app, ticketd_reporter', current_schema()) \gexec

-- Of a new database only: where the founding tables are there, their owner is the owner.
SELECT format('GRANT CREATE ON DATABASE %I TO ticketd_owner', current_database())
WHERE to_regclass('ticket_types') IS NULL \gexec
SELECT format('GRANT USAGE, CREATE ON SCHEMA %I TO ticketd_owner', current_schema())
WHERE to_regclass('ticket_types') IS NULL \gexec

-- Before PostgreSQL 15 every role may make tables in `public`. So that ticketd_app cannot (nor any
-- other role of the database), say:
--     REVOKE CREATE ON SCHEMA public FROM PUBLIC;
