-- Those that Supabase makes in each cluster, and a shop's owner: as `postgres` is there, no superuser.
CREATE ROLE anon NOLOGIN NOINHERIT;
CREATE ROLE authenticated NOLOGIN NOINHERIT;
CREATE ROLE service_role NOLOGIN NOINHERIT BYPASSRLS;
CREATE ROLE authenticator LOGIN NOINHERIT;
GRANT anon, authenticated, service_role TO authenticator;
CREATE ROLE shop LOGIN CREATEROLE CREATEDB BYPASSRLS;
