-- What decide does, in a few lines of SQL: between the product's own reads and writes it looks at the
-- rows that were read (seen_*) and puts down the rows that are to be written (the other tables; both
-- are temporary, one set for each session). Only what the specifications need of the rules is here.

SET check_function_bodies = off; -- the temporary tables are not there yet

CREATE SCHEMA office;

-- What came of a batch, written in its transaction: in the order in which types were locked.
CREATE TABLE office.outcomes (
    number serial PRIMARY KEY,
    who text NOT NULL,
    verdict text NOT NULL
);

CREATE FUNCTION office.now() RETURNS timestamptz LANGUAGE sql AS
$$SELECT current_setting('ticketd.now')::timestamptz$$;

-- Two queries may have read the same row. A row whose type was not locked came into the cart while
-- the lock was waited for: then the batch begins anew. What was read after the lock belongs to what
-- the lock read: were it older or newer, a sound type would be put in quarantine.
CREATE PROCEDURE office.begin_deciding() LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM seen_reservations a
    USING seen_reservations b
    WHERE a.ctid > b.ctid AND a.id = b.id;
    IF EXISTS (SELECT FROM seen_reservations r
               WHERE r.ticket_type_id NOT IN (SELECT t.id FROM seen_types t)) THEN
        RAISE 'changed while waiting';
    END IF;
    IF EXISTS (SELECT FROM seen_types t JOIN seen_states s ON s.id = t.id
               WHERE s.seq <> t.audit_seq OR s.chain_hash <> t.audit_hash)
        OR EXISTS (SELECT FROM seen_types t
                   WHERE t.reserved_count < (SELECT sum(r.quantity) FROM seen_reservations r
                                             WHERE r.ticket_type_id = t.id AND r.status = 'active'))
    THEN
        RAISE 'what was read is of two times';
    END IF;
END $$;

-- Was this batch done before? Asked again, it does nothing.
CREATE FUNCTION office.is_done(name text) RETURNS boolean LANGUAGE sql AS
$$SELECT EXISTS (SELECT FROM office.outcomes o WHERE o.who = name)$$;

CREATE PROCEDURE office.tell(name text, what text) LANGUAGE sql AS
$$INSERT INTO office.outcomes (who, verdict) VALUES (name, what)$$;

-- One entry, and the counts that it leaves.
CREATE PROCEDURE office.append(type uuid, about uuid, action text, count integer, total integer,
                               sold integer, reserved integer) LANGUAGE plpgsql AS $$
DECLARE
    t record;
BEGIN
    INSERT INTO changed_types
    SELECT s.*, s.audit_seq FROM seen_types s
    WHERE s.id = type AND NOT EXISTS (SELECT FROM changed_types c WHERE c.id = type);
    SELECT * INTO STRICT t FROM changed_types c WHERE c.id = type;
    INSERT INTO new_entries (
        ticket_type_id, event_id, seq, action, quantity, previous_total, new_total, previous_sold,
        new_sold, previous_reserved, new_reserved, created_at, actor_kind, reservation_id, chain_hash)
    VALUES (
        type, t.event_id, t.audit_seq + 1, action, count, t.total_inventory,
        t.total_inventory + total, t.sold_count, t.sold_count + sold, t.reserved_count,
        t.reserved_count + reserved, office.now(), 'system', about,
        sha256(t.audit_hash || int8send(t.audit_seq + 1)));
    UPDATE changed_types c
    SET audit_seq = e.seq, audit_hash = e.chain_hash, last_entry_at = e.created_at,
        total_inventory = e.new_total, sold_count = e.new_sold, reserved_count = e.new_reserved
    FROM new_entries e
    WHERE c.id = type AND e.ticket_type_id = type AND e.seq = t.audit_seq + 1;
END $$;

-- What is left of a type, as decided so far.
CREATE FUNCTION office.available(type uuid) RETURNS bigint LANGUAGE sql AS $$
    SELECT t.total_inventory::bigint - t.sold_count - t.reserved_count
    FROM (
        SELECT total_inventory, sold_count, reserved_count FROM changed_types WHERE id = type
        UNION ALL
        SELECT total_inventory, sold_count, reserved_count FROM seen_types
        WHERE id = type AND type NOT IN (SELECT id FROM changed_types)) t
$$;

CREATE PROCEDURE office.put_back(line uuid, ending text) LANGUAGE plpgsql AS $$
DECLARE
    r record;
BEGIN
    SELECT * INTO STRICT r FROM seen_reservations s WHERE s.id = line;
    INSERT INTO ended_reservations SELECT s.*, s.status FROM seen_reservations s WHERE s.id = line;
    UPDATE ended_reservations SET status = ending, updated_at = office.now() WHERE id = line;
    CALL office.append(r.ticket_type_id, line, 'release', r.quantity, 0, 0, -r.quantity);
    UPDATE seen_reservations SET status = ending WHERE id = line;
END $$;

-- Before anything else is decided.
CREATE PROCEDURE office.expire() LANGUAGE plpgsql AS $$
DECLARE
    line uuid;
BEGIN
    FOR line IN SELECT id FROM seen_reservations
                WHERE status = 'active' AND expires_at <= office.now() ORDER BY expires_at, id LOOP
        CALL office.put_back(line, 'expired');
    END LOOP;
END $$;

CREATE PROCEDURE office.take(line uuid, type uuid, count integer, of_cart uuid, customer uuid)
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO new_reservations (
        id, ticket_type_id, event_id, quantity, status, expires_at, created_at, updated_at, cart_id,
        unit_price, currency, refunded_quantity, user_id, limited_user_id)
    SELECT line, type, t.event_id, count, 'active', office.now() + interval '10 minutes',
        office.now(), office.now(), of_cart, t.price, 'EUR', 0, customer, customer
    FROM seen_types t WHERE t.id = type;
    CALL office.append(type, line, 'reserve', count, 0, 0, count);
END $$;

-- The batches of the specifications, by what they are asked.

CREATE PROCEDURE office.reserve(name text, line uuid, type uuid, count integer,
                                customer uuid DEFAULT NULL, with_key text DEFAULT NULL)
LANGUAGE plpgsql AS $$
DECLARE
    verdict text := 'granted';
BEGIN
    IF EXISTS (SELECT FROM seen_keys k WHERE k.key = with_key) THEN
        CALL office.tell(name, 'replayed');
        RETURN;
    ELSIF EXISTS (SELECT FROM seen_events e WHERE e.archived_at IS NOT NULL) THEN
        verdict := 'archived';
    ELSIF EXISTS (SELECT FROM seen_customers c JOIN seen_types t ON t.id = c.ticket_type_id
                  WHERE c.user_id = customer AND c.has + count > t.max_per_customer) THEN
        verdict := 'limit';
    ELSIF office.available(type) < count THEN
        verdict := 'sold_out';
    ELSE
        CALL office.take(line, type, count, NULL, customer);
    END IF;
    IF with_key IS NOT NULL THEN
        INSERT INTO new_keys (principal, key, fingerprint, outcome)
        VALUES ('00000000-0000-0000-0000-000000000000', with_key, '\x00', '\x00');
    END IF;
    CALL office.tell(name, verdict);
END $$;

CREATE PROCEDURE office.complete(name text, line uuid) LANGUAGE plpgsql AS $$
DECLARE
    r record;
BEGIN
    SELECT * INTO r FROM seen_reservations s WHERE s.id = line;
    IF r.status <> 'active' THEN
        CALL office.tell(name, 'not_active');
        RETURN;
    END IF;
    INSERT INTO changed_reservations SELECT s.*, NULL, s.status FROM seen_reservations s
    WHERE s.id = line;
    UPDATE changed_reservations SET status = 'completed', completed_at = office.now(),
        updated_at = office.now(), order_id = name WHERE id = line;
    CALL office.append(r.ticket_type_id, line, 'sale', r.quantity, 0, r.quantity, -r.quantity);
    CALL office.tell(name, 'completed');
END $$;

CREATE PROCEDURE office.release(name text, line uuid) LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM seen_reservations s WHERE s.id = line AND s.status = 'active') THEN
        CALL office.put_back(line, 'released');
        CALL office.tell(name, 'released');
    ELSE
        CALL office.tell(name, 'not_active');
    END IF;
END $$;

-- A line that is not active is not touched; the sweep says nothing where nothing was due.
CREATE PROCEDURE office.sweep(name text) LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM ended_reservations) THEN
        CALL office.tell(name, 'swept');
    END IF;
END $$;

-- Other lines instead of those that the cart has.
CREATE PROCEDURE office.replace(name text, cart uuid, line uuid, type uuid, count integer)
LANGUAGE plpgsql AS $$
DECLARE
    old uuid;
BEGIN
    IF office.is_done(name) THEN
        RETURN;
    END IF;
    FOR old IN SELECT id FROM seen_reservations WHERE cart_id = cart AND status = 'active' ORDER BY id
    LOOP
        CALL office.put_back(old, 'released');
    END LOOP;
    CALL office.take(line, type, count, cart, NULL);
    INSERT INTO changed_carts SELECT c.*, c.status FROM seen_carts c WHERE c.id = cart;
    UPDATE changed_carts SET updated_at = office.now();
    CALL office.tell(name, 'replaced');
END $$;

CREATE PROCEDURE office.archive(name text) LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changed_events SELECT * FROM seen_events;
    UPDATE changed_events SET archived_at = office.now(), version = version + 1;
    CALL office.tell(name, 'archived');
END $$;

CREATE PROCEDURE office.decrease(name text, type uuid, count integer) LANGUAGE plpgsql AS $$
BEGIN
    IF office.available(type) < count THEN
        CALL office.tell(name, 'not_so_many');
    ELSE
        CALL office.append(type, NULL, 'decrease', count, -count, 0, 0);
        CALL office.tell(name, 'decreased');
    END IF;
END $$;

CREATE FUNCTION office.told(what text) RETURNS bigint LANGUAGE sql AS
$$SELECT count(*) FROM office.outcomes o WHERE o.verdict = what$$;

-- Does the log agree with itself, with the counts, and they with the reservations?
CREATE VIEW office.faults AS
SELECT 'more sold than there are' AS fault FROM ticket_types t
WHERE t.total_inventory < (
    SELECT coalesce(sum(r.quantity), 0) FROM ticket_reservations r
    WHERE r.ticket_type_id = t.id AND r.status IN ('active', 'completed'))
UNION ALL
SELECT 'counts and reservations differ' FROM ticket_types t
WHERE t.reserved_count <> (
    SELECT coalesce(sum(r.quantity), 0) FROM ticket_reservations r
    WHERE r.ticket_type_id = t.id AND r.status = 'active')
    OR t.sold_count <> (
    SELECT coalesce(sum(r.quantity), 0) FROM ticket_reservations r
    WHERE r.ticket_type_id = t.id AND r.status = 'completed')
UNION ALL
SELECT 'the log has a gap' FROM ticket_types t
WHERE t.audit_seq <> (
    SELECT count(l.seq) FROM inventory_audit_log l WHERE l.ticket_type_id = t.id)
UNION ALL
SELECT 'an entry does not begin where the last one ended'
FROM (
    SELECT l.*, lag(l) OVER (PARTITION BY l.ticket_type_id ORDER BY l.seq) AS before
    FROM inventory_audit_log l) l
WHERE l.before IS NOT NULL AND (
    (l.before).new_total <> l.previous_total OR (l.before).new_sold <> l.previous_sold
    OR (l.before).new_reserved <> l.previous_reserved
    OR l.chain_hash <> sha256((l.before).chain_hash || int8send(l.seq)))
UNION ALL
SELECT 'the log does not end at the counts' FROM ticket_types t
JOIN inventory_audit_log l ON l.ticket_type_id = t.id AND l.seq = t.audit_seq
WHERE (l.new_total, l.new_sold, l.new_reserved, l.chain_hash)
    <> (t.total_inventory, t.sold_count, t.reserved_count, t.audit_hash)
    -- Others that change the counts do not number their entries.
    AND NOT EXISTS (
        SELECT FROM inventory_audit_log o WHERE o.ticket_type_id = t.id AND o.seq IS NULL);

CREATE FUNCTION office.judge(came_true boolean) RETURNS text LANGUAGE sql AS $$
    SELECT 'judged: ' || coalesce(
        (SELECT min(fault) FROM office.faults),
        CASE WHEN came_true THEN 'it held'
            ELSE 'not as it should be: '
                || (SELECT coalesce(string_agg(who || ' ' || verdict, ', ' ORDER BY number), 'nothing')
                    FROM office.outcomes) END)
$$;

-- Nothing is left of the permutation before.
CREATE PROCEDURE office.clear() LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM inventory_audit_log;
    DELETE FROM ticket_reservations;
    DELETE FROM ticket_types;
    DELETE FROM events;
    DELETE FROM ticketd.carts;
    DELETE FROM ticketd.idempotency_keys;
    DELETE FROM office.outcomes;
END $$;

-- The house opens: with the entry that each log begins with.
CREATE PROCEDURE office.open(event uuid, type uuid, count integer, customer_limit integer DEFAULT NULL)
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO events (id, name, start_date) VALUES (event, 'Event', '2030-01-01')
    ON CONFLICT DO NOTHING;
    INSERT INTO ticket_types (
        id, event_id, name, price, initial_inventory, total_inventory, max_per_customer, audit_seq,
        audit_hash, last_entry_at)
    VALUES (type, event, 'Type', 1000, count, count, customer_limit, 1, '\x00', '2029-01-01 12:00Z');
    INSERT INTO inventory_audit_log (
        ticket_type_id, event_id, seq, action, quantity, previous_total, new_total, previous_sold,
        new_sold, previous_reserved, new_reserved, created_at, actor_kind, chain_hash)
    VALUES (type, event, 1, 'increase', count, 0, count, 0, 0, 0, 0, '2029-01-01 12:00Z', 'system',
        '\x00');
END $$;

-- A reservation that is there already.
CREATE PROCEDURE office.hold(line uuid, type uuid, count integer, until timestamptz,
                             of_cart uuid DEFAULT NULL) LANGUAGE plpgsql AS $$
DECLARE
    t record;
BEGIN
    SELECT * INTO STRICT t FROM ticket_types WHERE id = type;
    INSERT INTO ticket_reservations (
        id, ticket_type_id, event_id, quantity, status, expires_at, created_at, updated_at, cart_id,
        unit_price, currency)
    VALUES (line, type, t.event_id, count, 'active', until, '2029-01-01 12:00Z', '2029-01-01 12:00Z',
        of_cart, 1000, 'EUR');
    INSERT INTO inventory_audit_log (
        ticket_type_id, event_id, seq, action, quantity, previous_total, new_total, previous_sold,
        new_sold, previous_reserved, new_reserved, created_at, actor_kind, chain_hash)
    VALUES (type, t.event_id, t.audit_seq + 1, 'reserve', count, t.total_inventory,
        t.total_inventory, t.sold_count, t.sold_count, t.reserved_count, t.reserved_count + count,
        '2029-01-01 12:00Z', 'system', sha256(t.audit_hash || int8send(t.audit_seq + 1)));
    UPDATE ticket_types
    SET reserved_count = reserved_count + count, audit_seq = audit_seq + 1,
        audit_hash = sha256(audit_hash || int8send(t.audit_seq + 1))
    WHERE id = type;
    INSERT INTO ticketd.carts (id, event_id, status, expires_at, currency, created_at, updated_at)
    SELECT of_cart, t.event_id, 'active', until, 'EUR', '2029-01-01 12:00Z', '2029-01-01 12:00Z'
    WHERE of_cart IS NOT NULL
    ON CONFLICT DO NOTHING;
END $$;
