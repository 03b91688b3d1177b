-- The founding tables with their names, columns and constraints, and what ticketd adds.
-- ids are 16 bytes, times microseconds since 1970-01-01T00:00:00Z, money minor units.
-- REFERENCES document; they are not checked at each write (three look-ups a reservation): rows
-- come from decisions that have read what they refer to, and nothing is ever deleted.
-- No IN with a list here: SQLite builds a table of it at every insert (a quarter of the time).
-- Queries use `table.*`: a later migration adds columns at the end and moves none.

CREATE TABLE schema_migrations (
    version INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL, -- BLAKE2b-256 of the migration's text
    applied_at INTEGER NOT NULL
) STRICT;

CREATE TABLE venues (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    address TEXT,
    time_zone TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    archived_at INTEGER,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT,
    venue_id BLOB REFERENCES venues (id),
    start_date INTEGER NOT NULL,
    end_date INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    published INTEGER NOT NULL DEFAULT 0 CHECK (published IN (0, 1)),
    featured INTEGER NOT NULL DEFAULT 0 CHECK (featured IN (0, 1)),
    image_url TEXT,
    currency TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    archived_at INTEGER,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX idx_events_start_date ON events (start_date, id);

CREATE TABLE ticket_types (
    id BLOB NOT NULL PRIMARY KEY,
    event_id BLOB NOT NULL REFERENCES events (id),
    name TEXT NOT NULL,
    description TEXT,
    price INTEGER NOT NULL CHECK (price >= 0),
    initial_inventory INTEGER NOT NULL CHECK (initial_inventory >= 0),
    total_inventory INTEGER NOT NULL,
    sold_count INTEGER NOT NULL DEFAULT 0,
    reserved_count INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    sales_start INTEGER,
    sales_end INTEGER,
    max_per_order INTEGER CHECK (max_per_order >= 1),
    max_per_customer INTEGER CHECK (max_per_customer >= 1),
    settings_version INTEGER NOT NULL,
    audit_seq INTEGER NOT NULL DEFAULT 0, -- of the newest entry of its log
    audit_hash BLOB NOT NULL,             -- and its chain_hash
    last_entry_at INTEGER,
    adopted_sold INTEGER NOT NULL DEFAULT 0 CHECK (adopted_sold >= 0), -- sold before ticketd
    archived_at INTEGER,

    CONSTRAINT valid_inventory CHECK (total_inventory >= 0),
    CONSTRAINT valid_sold CHECK (sold_count >= 0),
    CONSTRAINT valid_reserved CHECK (reserved_count >= 0),
    CONSTRAINT available_tickets CHECK (sold_count + reserved_count <= total_inventory)
) STRICT, WITHOUT ROWID;

CREATE INDEX idx_ticket_types_event_id ON ticket_types (event_id);

CREATE TABLE carts (
    id BLOB NOT NULL PRIMARY KEY,
    event_id BLOB NOT NULL REFERENCES events (id),
    user_id BLOB,
    status TEXT NOT NULL,
    expires_at INTEGER, -- none for a direct sale
    order_id TEXT,
    currency TEXT NOT NULL,
    channel TEXT,
    tender TEXT,
    sold_by BLOB,
    shift_id BLOB REFERENCES shifts (id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    completed_at INTEGER,

    CONSTRAINT valid_status CHECK (
        status = 'active' OR status = 'completed' OR status = 'released' OR status = 'expired')
) STRICT, WITHOUT ROWID;

CREATE TABLE ticket_reservations (
    id BLOB NOT NULL PRIMARY KEY,
    ticket_type_id BLOB NOT NULL REFERENCES ticket_types (id),
    quantity INTEGER NOT NULL,
    user_id BLOB,
    expires_at INTEGER, -- none for a direct sale
    status TEXT NOT NULL,
    order_id TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    event_id BLOB NOT NULL REFERENCES events (id),
    cart_id BLOB REFERENCES carts (id),
    unit_price INTEGER NOT NULL CHECK (unit_price >= 0),
    currency TEXT NOT NULL,
    channel TEXT,
    tender TEXT,
    sold_by BLOB,
    shift_id BLOB REFERENCES shifts (id),
    refunded_quantity INTEGER NOT NULL DEFAULT 0,
    completed_at INTEGER,
    limited_user_id BLOB, -- user_id where the ticket type has a max_per_customer, else NULL

    CONSTRAINT valid_quantity CHECK (quantity >= 1),
    CONSTRAINT valid_refund CHECK (refunded_quantity BETWEEN 0 AND quantity),
    CONSTRAINT valid_status CHECK (
        status = 'active' OR status = 'completed' OR status = 'released' OR status = 'expired')
) STRICT, WITHOUT ROWID;

-- What expires next, and how much has: read without touching the rows (SQLite asks for the column
-- of the condition, too).
CREATE INDEX idx_ticket_reservations_active
    ON ticket_reservations (ticket_type_id, expires_at, id, quantity, status) WHERE status = 'active';
-- Paid for by completed rows only.
CREATE INDEX idx_ticket_reservations_sold
    ON ticket_reservations (ticket_type_id, completed_at, id, quantity, refunded_quantity, status)
    WHERE status = 'completed';
CREATE INDEX idx_ticket_reservations_order_id
    ON ticket_reservations (order_id) WHERE order_id IS NOT NULL;
-- Paid for by lines of carts only (status and time lead past those taken out of the cart).
CREATE INDEX idx_ticket_reservations_cart_id
    ON ticket_reservations (cart_id, status, updated_at) WHERE cart_id IS NOT NULL;
-- People's ids are random: each row dirties another page of this index, which costs most of the
-- rate once there are many (7,000/s instead of 40,000/s at a million rows). Only ticket types that
-- limit their customers pay for it.
CREATE INDEX idx_ticket_reservations_limited
    ON ticket_reservations (limited_user_id, ticket_type_id) WHERE limited_user_id IS NOT NULL;

CREATE TABLE inventory_audit_log (
    id BLOB NOT NULL,
    ticket_type_id BLOB NOT NULL REFERENCES ticket_types (id),
    user_id BLOB,
    action TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    previous_total INTEGER NOT NULL,
    new_total INTEGER NOT NULL,
    previous_sold INTEGER NOT NULL,
    new_sold INTEGER NOT NULL,
    previous_reserved INTEGER NOT NULL,
    new_reserved INTEGER NOT NULL,
    reason TEXT,
    created_at INTEGER NOT NULL,
    event_id BLOB NOT NULL REFERENCES events (id),
    seq INTEGER NOT NULL,
    chain_hash BLOB NOT NULL,
    effective_at INTEGER,
    actor_kind TEXT NOT NULL,
    actor_id BLOB,
    reservation_id BLOB REFERENCES ticket_reservations (id),
    order_id TEXT,
    disposition TEXT,
    channel TEXT,
    tender TEXT,
    shift_id BLOB REFERENCES shifts (id),

    PRIMARY KEY (ticket_type_id, seq),
    CONSTRAINT valid_quantity CHECK (quantity >= 1),
    CONSTRAINT valid_action CHECK (
        action = 'reserve' OR action = 'sale' OR action = 'release' OR action = 'refund'
        OR action = 'increase' OR action = 'decrease')
) STRICT, WITHOUT ROWID;

-- The primary key serves the log of a type, of an event and the whole one (their types' ranges
-- are merged); created_at never falls along seq, so that a time is found by bisection.
-- Why is this reservation what it is? The dearest index: 5 % of a reservation's time.
CREATE INDEX idx_inventory_audit_reservation_id
    ON inventory_audit_log (reservation_id) WHERE reservation_id IS NOT NULL;
CREATE INDEX idx_inventory_audit_rare ON inventory_audit_log (ticket_type_id, seq)
    WHERE action = 'increase' OR action = 'decrease' OR action = 'refund';

-- Numbered in the order of arrival, so that the oldest are found and forgotten without an index
-- of their own.
CREATE TABLE idempotency_keys (
    number INTEGER PRIMARY KEY,
    principal BLOB NOT NULL,
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    outcome BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (principal, key)
) STRICT;

CREATE TABLE api_keys (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    event_ids BLOB NOT NULL, -- 16 bytes each; none: all events
    secret_hash BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE staff (
    id BLOB NOT NULL PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    archived_at INTEGER,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE staff_roles (
    staff_id BLOB NOT NULL REFERENCES staff (id),
    role TEXT NOT NULL,
    event_id BLOB REFERENCES events (id), -- none: all events
    created_at INTEGER NOT NULL,
    UNIQUE (staff_id, role, event_id)
) STRICT;

CREATE TABLE sessions (
    id_hash BLOB NOT NULL PRIMARY KEY,
    staff_id BLOB NOT NULL REFERENCES staff (id),
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE shifts (
    id BLOB NOT NULL PRIMARY KEY,
    operator_id BLOB NOT NULL,
    terminal TEXT NOT NULL,
    currency TEXT NOT NULL,
    opening_cash INTEGER NOT NULL CHECK (opening_cash >= 0),
    counted_cash INTEGER,
    expected_cash INTEGER,
    note TEXT,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX idx_shifts_open ON shifts (operator_id) WHERE closed_at IS NULL;

CREATE TABLE webhook_endpoints (
    id BLOB NOT NULL PRIMARY KEY,
    url TEXT NOT NULL,
    event_types TEXT NOT NULL,
    secret BLOB NOT NULL,
    previous_secret BLOB,
    rotated_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    disabled_at INTEGER,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE webhook_deliveries (
    id BLOB NOT NULL PRIMARY KEY,
    endpoint_id BLOB NOT NULL REFERENCES webhook_endpoints (id),
    event_id BLOB REFERENCES events (id),
    type TEXT NOT NULL,
    payload TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt_at INTEGER,
    leased_until INTEGER,
    delivered_at INTEGER,
    last_status INTEGER,
    last_error TEXT,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX idx_webhook_deliveries_due
    ON webhook_deliveries (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

-- One row, rewritten to overwrite what a failed commit may have left behind (writer.h).
CREATE TABLE store_settlements (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    settled INTEGER NOT NULL
) STRICT;

INSERT INTO store_settlements (id, settled) VALUES (1, 0);
