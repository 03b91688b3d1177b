-- What is ticketd's alone. Always in this schema, so that no table of a shop's is in the way and
-- an interface that publishes the schema of the founding tables does not publish keys and sessions.
-- Times are timestamptz, money is minor units. No foreign keys on the tables of a sale (look-ups
-- at each write cost half the rate): rows come from decisions that have read what they refer to,
-- and nothing is ever deleted.

CREATE SCHEMA ticketd;

CREATE TABLE ticketd.schema_migrations (
    version integer PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL, -- BLAKE2b-256 of the migration's text
    applied_at timestamptz NOT NULL
);

CREATE TABLE ticketd.carts (
    id uuid PRIMARY KEY,
    event_id uuid NOT NULL,
    user_id uuid,
    status text NOT NULL,
    expires_at timestamptz, -- none for a direct sale
    order_id text,
    currency text NOT NULL,
    channel text,
    tender text,
    sold_by uuid,
    shift_id uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    completed_at timestamptz,

    CONSTRAINT valid_status CHECK (status IN ('active', 'completed', 'released', 'expired'))
);

-- Keys of clients of ours are made in the order of time: the table grows at one end.
CREATE TABLE ticketd.idempotency_keys (
    principal uuid NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    outcome bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (principal, key)
);

-- The oldest are found and forgotten.
CREATE INDEX idx_idempotency_keys_created_at ON ticketd.idempotency_keys (created_at);

CREATE TABLE ticketd.api_keys (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    role text NOT NULL,
    event_ids uuid[] NOT NULL DEFAULT '{}', -- none: all events
    secret_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz
);

CREATE TABLE ticketd.staff (
    id uuid PRIMARY KEY,
    email text NOT NULL UNIQUE,
    name text NOT NULL,
    password_hash text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    archived_at timestamptz,
    version bigint NOT NULL
);

CREATE TABLE ticketd.staff_roles (
    staff_id uuid NOT NULL REFERENCES ticketd.staff (id),
    role text NOT NULL,
    event_id uuid, -- none: all events
    created_at timestamptz NOT NULL,
    UNIQUE (staff_id, role, event_id)
);

CREATE TABLE ticketd.sessions (
    id_hash bytea PRIMARY KEY,
    staff_id uuid NOT NULL REFERENCES ticketd.staff (id),
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE TABLE ticketd.shifts (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    terminal text NOT NULL,
    currency text NOT NULL,
    opening_cash bigint NOT NULL CHECK (opening_cash >= 0),
    counted_cash bigint,
    expected_cash bigint,
    note text,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz
);

CREATE UNIQUE INDEX idx_shifts_open ON ticketd.shifts (operator_id) WHERE closed_at IS NULL;

CREATE TABLE ticketd.webhook_endpoints (
    id uuid PRIMARY KEY,
    url text NOT NULL,
    event_types text NOT NULL,
    secret bytea NOT NULL,
    previous_secret bytea,
    rotated_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    disabled_at timestamptz,
    version bigint NOT NULL
);

CREATE TABLE ticketd.webhook_deliveries (
    id uuid PRIMARY KEY,
    endpoint_id uuid NOT NULL REFERENCES ticketd.webhook_endpoints (id),
    event_id uuid,
    type text NOT NULL,
    payload text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz,
    leased_until timestamptz,
    delivered_at timestamptz,
    last_status integer,
    last_error text,
    created_at timestamptz NOT NULL
);

CREATE INDEX idx_webhook_deliveries_due
    ON ticketd.webhook_deliveries (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
