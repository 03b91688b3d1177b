-- What that application's code implies (ticket_reservations), and what is the shop's own. As the shop.
CREATE TABLE orders (
    id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
    user_id UUID REFERENCES auth.users(id),
    amount INTEGER NOT NULL
);

CREATE TABLE ticket_reservations (
    id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
    ticket_type_id UUID REFERENCES ticket_types(id) ON DELETE CASCADE,
    quantity INTEGER NOT NULL,
    user_id UUID REFERENCES auth.users(id) ON DELETE SET NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    status VARCHAR(20) NOT NULL DEFAULT 'active',
    order_id TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT NOW(),
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT NOW(),
    note TEXT
);
CREATE INDEX idx_reservations_user ON ticket_reservations (user_id);

CREATE TABLE carts (id UUID PRIMARY KEY, session TEXT);
INSERT INTO carts VALUES ('cccccccc-0000-4000-8000-000000000001', 'the shop''s own');

CREATE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN NEW.updated_at = now(); RETURN NEW; END $$;
CREATE TRIGGER set_updated_at BEFORE UPDATE ON ticket_reservations
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE FUNCTION tell_mirror() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN PERFORM pg_notify('mirror', NEW.id::text); RETURN NULL; END $$;
CREATE TRIGGER tell_mirror AFTER UPDATE ON ticket_reservations
    FOR EACH ROW EXECUTE FUNCTION tell_mirror();

GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;
GRANT ALL ON ALL TABLES IN SCHEMA public TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO anon, authenticated, service_role;
GRANT UPDATE (reserved_count) ON ticket_types TO PUBLIC;

ALTER TABLE events ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_types ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_reservations ENABLE ROW LEVEL SECURITY;
ALTER TABLE inventory_audit_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY published ON events FOR SELECT TO anon, authenticated USING (published);
CREATE POLICY of_published ON ticket_types FOR SELECT TO anon, authenticated USING (true);
CREATE POLICY own ON ticket_reservations FOR SELECT TO authenticated USING (user_id = auth.uid());

INSERT INTO venues (id, name, city, capacity) VALUES
    ('b0000000-0000-4000-8000-000000000001', 'Opera House', 'Berlin', 1200);
INSERT INTO events (id, name, venue_id, start_date, published, slug) VALUES
    ('e0000000-0000-4000-8000-000000000001', 'Tosca', 'b0000000-0000-4000-8000-000000000001',
     '2027-03-01 19:00+01', true, 'tosca'),
    ('e0000000-0000-4000-8000-000000000002', 'Carmen', NULL, '2027-04-01 19:00+02', NULL, 'carmen');
INSERT INTO ticket_types (id, event_id, name, price, initial_inventory, total_inventory, sold_count,
                          reserved_count) VALUES
    ('d0000000-0000-4000-8000-000000000001', 'e0000000-0000-4000-8000-000000000001', 'Stalls', 4500,
     80, 100, 5, 7),
    ('d0000000-0000-4000-8000-000000000002', 'e0000000-0000-4000-8000-000000000001', 'Circle', 6000,
     50, 50, NULL, NULL),
    ('d0000000-0000-4000-8000-000000000003', 'e0000000-0000-4000-8000-000000000002', 'Box', 9000,
     0, 0, 0, 0),
    ('d0000000-0000-4000-8000-000000000004', 'e0000000-0000-4000-8000-000000000002', 'Last one', 900,
     1, 1, 1, 0);
INSERT INTO ticket_reservations (id, ticket_type_id, quantity, user_id, expires_at, status, order_id,
                                 created_at, updated_at) VALUES
    ('f0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001', 2,
     'a0000000-0000-4000-8000-000000000001', '2026-01-01 10:15Z', 'completed',
     '0d000000-0000-4000-8000-000000000001', '2026-01-01 10:00Z', '2026-01-01 10:05:00.123456Z'),
    ('f0000000-0000-4000-8000-000000000002', 'd0000000-0000-4000-8000-000000000001', 3, NULL,
     '2026-01-02 10:15Z', 'completed', '0d000000-0000-4000-8000-000000000002', '2026-01-02 10:00Z',
     '2026-01-02 10:05Z'),
    -- Still held, for long: a person is paying.
    ('f0000000-0000-4000-8000-000000000003', 'd0000000-0000-4000-8000-000000000001', 4,
     'a0000000-0000-4000-8000-000000000002', now() + interval '1 hour', 'active', NULL,
     now() - interval '5 minutes', NULL),
    ('f0000000-0000-4000-8000-000000000004', 'd0000000-0000-4000-8000-000000000001', 1, NULL,
     now() + interval '1 hour', 'active', NULL, now(), now()),
    -- Its time is over, and no job has come by.
    ('f0000000-0000-4000-8000-000000000005', 'd0000000-0000-4000-8000-000000000001', 2, NULL,
     '2026-01-03 10:15Z', 'active', NULL, '2026-01-03 10:00Z', '2026-01-03 10:00Z'),
    ('f0000000-0000-4000-8000-000000000006', 'd0000000-0000-4000-8000-000000000001', 6, NULL,
     '2026-01-04 10:15Z', 'expired', NULL, '2026-01-04 10:00Z', '2026-01-04 10:20Z'),
    ('f0000000-0000-4000-8000-000000000007', 'd0000000-0000-4000-8000-000000000004', 1, NULL,
     '2026-01-04 10:15Z', 'completed', '0d000000-0000-4000-8000-000000000003', '2026-01-04 10:00Z',
     '2026-01-04 10:01Z');
INSERT INTO inventory_audit_log (ticket_type_id, user_id, action, quantity, previous_total, new_total,
    previous_sold, new_sold, previous_reserved, new_reserved, reason, created_at) VALUES
    ('d0000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000001', 'increase', 20,
     80, 100, 0, 0, 0, 0, 'More chairs', '2025-12-01 10:00Z'),
    ('d0000000-0000-4000-8000-000000000001', NULL, 'sale', 2, 100, 100, 0, 2, 2, 0,
     'Order 0d000000-0000-4000-8000-000000000001', '2026-01-01 10:05Z'),
    -- As that code wrote it when nothing changed.
    ('d0000000-0000-4000-8000-000000000001', NULL, 'release', 0, 100, 100, 2, 2, 0, 0,
     'Expired reservations', '2026-01-01 10:20Z');
