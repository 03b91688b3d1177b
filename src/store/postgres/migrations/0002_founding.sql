-- The founding tables as every database of ticketd's has them in the end: first the columns that
-- a shop's application made and reads, by their names and types, then what ticketd adds.
-- A new database is made by this text. One that has such tables already is brought to it by the
-- difference (adoption.h), which shows the comments below as its reasons.
-- The defaults serve a shop that goes on writing venues and events itself.
-- Queries name columns: their order is another one where the tables were there before.

CREATE TABLE venues (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL,
    address text,
    time_zone text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    archived_at timestamptz,
    version bigint NOT NULL DEFAULT 1
);

COMMENT ON COLUMN venues.address IS 'where it is';
COMMENT ON COLUMN venues.time_zone IS 'IANA name, for events that are held there';
COMMENT ON COLUMN venues.archived_at IS 'nothing with history is deleted: it is archived';
COMMENT ON COLUMN venues.version IS 'two editors do not overwrite each other';

CREATE TABLE events (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL,
    description text,
    venue_id uuid REFERENCES venues (id),
    start_date timestamptz NOT NULL,
    end_date timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    published boolean NOT NULL DEFAULT false,
    featured boolean NOT NULL DEFAULT false,
    image_url text,
    currency text NOT NULL DEFAULT 'EUR',
    time_zone text NOT NULL DEFAULT 'UTC',
    archived_at timestamptz,
    version bigint NOT NULL DEFAULT 1
);

COMMENT ON COLUMN events.currency IS 'what the minor units of its prices are of';
COMMENT ON COLUMN events.time_zone IS 'IANA name: where the days of its reports begin';
COMMENT ON COLUMN events.archived_at IS 'nothing with history is deleted: it is archived';
COMMENT ON COLUMN events.version IS 'two editors do not overwrite each other';

CREATE INDEX idx_events_start_date ON events (start_date, id);

-- A row in each page's free half: counts change at every sale, and no index has to follow.
CREATE TABLE ticket_types (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    event_id uuid NOT NULL REFERENCES events (id),
    name text NOT NULL,
    description text,
    price integer NOT NULL,
    initial_inventory integer NOT NULL,
    total_inventory integer NOT NULL,
    sold_count integer NOT NULL DEFAULT 0,
    reserved_count integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    sales_start timestamptz,
    sales_end timestamptz,
    max_per_order integer,
    max_per_customer integer,
    settings_version bigint NOT NULL DEFAULT 1,
    audit_seq bigint NOT NULL DEFAULT 0,
    audit_hash bytea NOT NULL
        DEFAULT '\x0000000000000000000000000000000000000000000000000000000000000000',
    last_entry_at timestamptz,
    adopted_sold integer NOT NULL DEFAULT 0,
    archived_at timestamptz,

    CONSTRAINT valid_inventory CHECK (total_inventory >= 0),
    CONSTRAINT valid_sold CHECK (sold_count >= 0),
    CONSTRAINT valid_reserved CHECK (reserved_count >= 0),
    CONSTRAINT available_tickets CHECK (sold_count + reserved_count <= total_inventory),
    CONSTRAINT valid_price CHECK (price >= 0),
    CONSTRAINT valid_initial CHECK (initial_inventory >= 0),
    CONSTRAINT valid_limits CHECK (max_per_order >= 1 AND max_per_customer >= 1)
) WITH (fillfactor = 50);

COMMENT ON COLUMN ticket_types.sales_start IS 'before it the public cannot buy';
COMMENT ON COLUMN ticket_types.sales_end IS 'from then on the public cannot buy';
COMMENT ON COLUMN ticket_types.max_per_order IS 'as many as one order may take';
COMMENT ON COLUMN ticket_types.max_per_customer IS 'as many as one customer may have';
COMMENT ON COLUMN ticket_types.settings_version IS 'two editors do not overwrite each other';
COMMENT ON COLUMN ticket_types.audit_seq IS 'the number of the newest entry of its log';
COMMENT ON COLUMN ticket_types.audit_hash IS 'the chain_hash of that entry';
COMMENT ON COLUMN ticket_types.last_entry_at IS 'the time of that entry; the log never goes back';
COMMENT ON COLUMN ticket_types.adopted_sold IS
    'sold before ticketd without a reservation that says so (below 0: given back, likewise)';
COMMENT ON COLUMN ticket_types.archived_at IS 'nothing with history is deleted: it is archived';

CREATE INDEX idx_ticket_types_event_id ON ticket_types (event_id);

CREATE TABLE ticket_reservations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    ticket_type_id uuid NOT NULL REFERENCES ticket_types (id),
    quantity integer NOT NULL,
    user_id uuid,
    expires_at timestamptz,
    status text NOT NULL,
    order_id text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    event_id uuid NOT NULL,
    cart_id uuid,
    unit_price integer NOT NULL,
    currency text NOT NULL,
    channel text,
    tender text,
    sold_by uuid,
    shift_id uuid,
    refunded_quantity integer NOT NULL DEFAULT 0,
    completed_at timestamptz,
    limited_user_id uuid,

    CONSTRAINT valid_quantity CHECK (quantity >= 1),
    CONSTRAINT valid_price CHECK (unit_price >= 0),
    CONSTRAINT valid_refund CHECK (refunded_quantity BETWEEN 0 AND quantity),
    CONSTRAINT valid_status CHECK (status IN ('active', 'completed', 'released', 'expired'))
);

COMMENT ON COLUMN ticket_reservations.order_id IS 'the shop''s reference of the sale';
COMMENT ON COLUMN ticket_reservations.created_at IS 'when it was made';
COMMENT ON COLUMN ticket_reservations.updated_at IS 'when it last changed';
COMMENT ON COLUMN ticket_reservations.event_id IS 'rows of one event can be kept together';
COMMENT ON COLUMN ticket_reservations.cart_id IS 'the cart that it is a line of';
COMMENT ON COLUMN ticket_reservations.unit_price IS 'the price when the tickets were reserved';
COMMENT ON COLUMN ticket_reservations.currency IS 'what its minor units are of';
COMMENT ON COLUMN ticket_reservations.channel IS 'online, box_office, partner or comp';
COMMENT ON COLUMN ticket_reservations.tender IS 'cash, card, ...';
COMMENT ON COLUMN ticket_reservations.sold_by IS 'who sold it';
COMMENT ON COLUMN ticket_reservations.shift_id IS 'the till that took the money';
COMMENT ON COLUMN ticket_reservations.refunded_quantity IS 'what was given back of it';
COMMENT ON COLUMN ticket_reservations.completed_at IS 'when it became a sale';
COMMENT ON COLUMN ticket_reservations.limited_user_id IS
    'user_id where the ticket type limits its customers: few rows in the index of that question';

-- What expires next, and how much has: answered from the index alone.
CREATE INDEX idx_ticket_reservations_active
    ON ticket_reservations (ticket_type_id, expires_at, id) INCLUDE (quantity)
    WHERE status = 'active';
-- Paid for by completed rows only.
CREATE INDEX idx_ticket_reservations_sold
    ON ticket_reservations (ticket_type_id, completed_at, id) WHERE status = 'completed';
CREATE INDEX idx_ticket_reservations_order_id
    ON ticket_reservations (order_id) WHERE order_id IS NOT NULL;
-- Paid for by lines of carts only (status and time lead past those taken out of the cart).
CREATE INDEX idx_ticket_reservations_cart_id
    ON ticket_reservations (cart_id, status, updated_at) WHERE cart_id IS NOT NULL;
-- Only ticket types that limit their customers pay for it.
CREATE INDEX idx_ticket_reservations_limited
    ON ticket_reservations (limited_user_id, ticket_type_id) WHERE limited_user_id IS NOT NULL;

-- Entries that an application wrote before ticketd have no seq: they are outside the chain.
CREATE TABLE inventory_audit_log (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    ticket_type_id uuid REFERENCES ticket_types (id),
    user_id uuid,
    action text NOT NULL,
    quantity integer NOT NULL,
    previous_total integer NOT NULL,
    new_total integer NOT NULL,
    previous_sold integer NOT NULL,
    new_sold integer NOT NULL,
    previous_reserved integer NOT NULL,
    new_reserved integer NOT NULL,
    reason text,
    created_at timestamptz DEFAULT now(),
    event_id uuid,
    seq bigint,
    chain_hash bytea,
    effective_at timestamptz,
    actor_kind text,
    actor_id uuid,
    reservation_id uuid,
    order_id text,
    disposition text,
    channel text,
    tender text,
    shift_id uuid,

    CONSTRAINT valid_entry CHECK (
        seq IS NULL
        OR (seq >= 1 AND quantity >= 1
            AND ticket_type_id IS NOT NULL AND event_id IS NOT NULL AND created_at IS NOT NULL
            AND chain_hash IS NOT NULL AND actor_kind IS NOT NULL
            AND action IN ('reserve', 'sale', 'release', 'refund', 'increase', 'decrease')))
);

COMMENT ON COLUMN inventory_audit_log.event_id IS 'rows of one event can be kept together';
COMMENT ON COLUMN inventory_audit_log.seq IS
    'entries of a ticket type are numbered without a gap; none: written before ticketd';
COMMENT ON COLUMN inventory_audit_log.chain_hash IS 'over the entry and the one before it';
COMMENT ON COLUMN inventory_audit_log.effective_at IS 'when a reservation expired';
COMMENT ON COLUMN inventory_audit_log.actor_kind IS 'who did it: system, key, staff or user';
COMMENT ON COLUMN inventory_audit_log.actor_id IS 'who did it';
COMMENT ON COLUMN inventory_audit_log.reservation_id IS 'the reservation it is about';
COMMENT ON COLUMN inventory_audit_log.order_id IS 'the order it is about';
COMMENT ON COLUMN inventory_audit_log.disposition IS 'of a refund: back on sale, or not';
COMMENT ON COLUMN inventory_audit_log.channel IS 'online, box_office, partner or comp';
COMMENT ON COLUMN inventory_audit_log.tender IS 'cash, card, ...';
COMMENT ON COLUMN inventory_audit_log.shift_id IS 'the till that took or gave the money';

-- The log of a type in its order: it also answers what idx_inventory_audit_ticket_type did.
CREATE UNIQUE INDEX idx_inventory_audit_seq ON inventory_audit_log (ticket_type_id, seq);
CREATE INDEX idx_inventory_audit_created_at ON inventory_audit_log (created_at);
-- Why is this reservation what it is?
CREATE INDEX idx_inventory_audit_reservation_id
    ON inventory_audit_log (reservation_id) WHERE reservation_id IS NOT NULL;
CREATE INDEX idx_inventory_audit_rare ON inventory_audit_log (ticket_type_id, seq)
    WHERE action IN ('increase', 'decrease', 'refund');
