-- What Supabase puts into a database before the shop comes. As superuser.
CREATE SCHEMA extensions;
GRANT USAGE ON SCHEMA extensions TO PUBLIC;
CREATE EXTENSION "uuid-ossp" SCHEMA extensions;

CREATE SCHEMA auth;
CREATE TABLE auth.users (
    id uuid PRIMARY KEY,
    email text UNIQUE,
    created_at timestamptz DEFAULT now()
);
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT nullif(current_setting('request.jwt.claim.sub', true), '')::uuid $$;
GRANT USAGE ON SCHEMA auth TO shop, anon, authenticated, service_role;
GRANT SELECT, REFERENCES ON auth.users TO shop;
INSERT INTO auth.users (id, email) VALUES
    ('a0000000-0000-4000-8000-000000000001', 'ann@example.org'),
    ('a0000000-0000-4000-8000-000000000002', 'bob@example.org');
