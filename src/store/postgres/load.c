#include "store/postgres/writer.h"

#include "domain/limits.h"
#include "store/postgres/row.h"

/* Above the 3 s that a lock is waited for. */
enum { LOAD_LIMIT_MS = 6000 };

/* Types are the first to be read, as they are what is locked; they go into the world behind their
 * events. */
struct found_type {
    struct ticket_type row;
    const char *fault;
    struct found_type *next;
};

/* A cart that cannot be read puts the types of its lines in quarantine. */
struct bad_cart {
    struct uuid id;
    const char *fault;
    struct bad_cart *next;
};

struct loading {
    struct postgres_writer *writer;
    struct session *session;
    const struct keys *keys;
    struct world *world;
    struct found_type *found, **found_end;
    struct bad_cart *bad_carts;
    bool spent;   /* the arena is */
    bool changed; /* a row was there in one statement and not in the one before it */
};

/* --- sending ---------------------------------------------------------------- */

static bool has_types(const struct keys *keys) {
    return keys->types.count + keys->reservations.count + keys->carts.count > 0;
}

static bool has_events(const struct keys *keys) {
    return keys->events.count + keys->currency_events.count > 0;
}

static void give_set(struct parameters *parameters, int parameter, const struct id_set *set) {
    give_uuids(parameters, parameter, set->list, set->count);
}

/* What touches ticket types in a batch: $1, $2 and $3 of every query about them. */
static void give_touched(struct loading *loading) {
    struct parameters *parameters = session_parameters(loading->session);
    give_set(parameters, 1, &loading->keys->types);
    give_set(parameters, 2, &loading->keys->reservations);
    give_set(parameters, 3, &loading->keys->carts);
}

/* Those queries. Most batches name their ticket types and nothing else: $1 then says it all, and
 * each query is spared the search for the types of reservations and carts, up to a quarter of a
 * batch. */
struct type_queries {
    enum query lock, events, states, expired;
    int parameters;
};

static const struct type_queries queries_of_touched = {QUERY_lock_types, QUERY_events_of_types,
                                                       QUERY_type_states, QUERY_types_expired, 3};
static const struct type_queries queries_of_named = {
    QUERY_lock_named_types, QUERY_events_of_named_types, QUERY_named_type_states,
    QUERY_named_types_expired, 1};

static const struct type_queries *type_queries(const struct keys *keys) {
    return keys->reservations.count + keys->carts.count > 0 ? &queries_of_touched
                                                            : &queries_of_named;
}

static void give_types(struct loading *loading) {
    if (type_queries(loading->keys)->parameters > 1) {
        give_touched(loading);
    } else {
        give_set(session_parameters(loading->session), 1, &loading->keys->types);
    }
}

static void give_events(struct loading *loading, int parameter) {
    struct parameters *parameters = session_parameters(loading->session);
    give_set(parameters, parameter, &loading->keys->events);
    give_set(parameters, parameter, &loading->keys->currency_events);
}

static void send_set(struct loading *loading, enum query query, const struct id_set *set) {
    if (set->count > 0) {
        give_set(session_parameters(loading->session), 1, set);
        session_send(loading->session, query);
    }
}

/* Always in this order: types, events, venues, keys; each by id. Whoever locks waits for nobody who
 * waits for him. */
static void send_locks(struct loading *loading) {
    const struct keys *keys = loading->keys;
    if (has_events(keys)) {
        give_touched(loading);
        give_events(loading, 4);
        session_send(loading->session, QUERY_lock_types_of_events);
        give_events(loading, 1);
        session_send(loading->session, QUERY_lock_events);
    } else if (has_types(keys)) {
        give_types(loading);
        session_send(loading->session, type_queries(keys)->lock);
    }
    send_set(loading, QUERY_lock_venues, &keys->venues);
    send_set(loading, QUERY_lock_api_keys, &keys->api_keys);
}

static void send_type_queries(struct loading *loading) {
    if (!has_types(loading->keys)) {
        return;
    }
    give_types(loading);
    session_send(loading->session, type_queries(loading->keys)->events);
    give_types(loading);
    session_send(loading->session, type_queries(loading->keys)->states);
}

/* One more than are taken, to know that there are more. */
static void send_expired(struct loading *loading) {
    if (has_types(loading->keys)) {
        const struct type_queries *queries = type_queries(loading->keys);
        give_types(loading);
        give_int8(session_parameters(loading->session), queries->parameters + 1,
                  EXPIRED_PER_BATCH_MAX + 1);
        session_send(loading->session, queries->expired);
    }
}

static void send_pairs(struct loading *loading) {
    const struct keys *keys = loading->keys;
    struct parameters *parameters = session_parameters(loading->session);
    for (size_t i = 0; i < keys->idempotency_count; i++) {
        put_principal(parameters, 1, keys->idempotency[i].principal);
        put_text(parameters, 2, keys->idempotency[i].key);
    }
    if (keys->idempotency_count > 0) {
        session_send(loading->session, QUERY_idempotency);
    }
    for (size_t i = 0; i < keys->customers_count; i++) {
        put_uuid(parameters, 1, keys->customers[i].ticket_type_id);
        put_uuid(parameters, 2, keys->customers[i].user_id);
    }
    if (keys->customers_count > 0) {
        session_send(loading->session, QUERY_customers_have);
    }
    for (size_t i = 0; i < keys->cart_customers_count; i++) {
        put_uuid(parameters, 1, keys->cart_customers[i].ticket_type_id);
        put_uuid(parameters, 2, keys->cart_customers[i].cart_id);
    }
    if (keys->cart_customers_count > 0) {
        session_send(loading->session, QUERY_cart_customers_have);
    }
}

static void send_all(struct loading *loading) {
    struct session *session = loading->session;
    session_send(session, QUERY_begin);
    session_send(session, QUERY_guard);
    send_locks(loading);
    give_instant(session_parameters(session), 1, postgres_given_time(loading->writer->store));
    session_send(session, QUERY_now);
    send_type_queries(loading);
    if (loading->keys->currency_events.count > 0) {
        send_set(loading, QUERY_events_have_history, &loading->keys->currency_events);
    }
    send_set(loading, QUERY_carts, &loading->keys->carts);
    send_set(loading, QUERY_cart_lines, &loading->keys->carts);
    send_set(loading, QUERY_reservations_by_id, &loading->keys->reservations);
    send_expired(loading);
    send_pairs(loading);
}

/* --- taking ----------------------------------------------------------------- */

/* What came back, and a place to read its rows from. */
static struct cells take(struct loading *loading, enum query query, int *rows) {
    const PGresult *result = session_take(loading->session, query);
    *rows = result == NULL || loading->spent ? 0 : PQntuples(result);
    return (struct cells){.result = result, .arena = loading->world->arena};
}

/* The next row of a result. */
static struct cells *at_row(struct cells *cells, int row) {
    cells->row = row;
    cells->fault = NULL;
    return cells;
}

static void add_found(struct loading *loading, struct cells *cells) {
    struct found_type *found = arena_new(loading->world->arena, struct found_type);
    if (found == NULL) {
        loading->spent = true;
        return;
    }
    found->row = cells_type(cells, 0);
    found->fault = cells->fault;
    *loading->found_end = found;
    loading->found_end = &found->next;
}

static void take_types(struct loading *loading) {
    bool of_events = has_events(loading->keys);
    if (!of_events && !has_types(loading->keys)) {
        return;
    }
    int rows;
    struct cells cells = take(
        loading, of_events ? QUERY_lock_types_of_events : type_queries(loading->keys)->lock, &rows);
    for (int i = 0; i < rows && !loading->spent; i++) {
        at_row(&cells, i);
        if (!of_events || cell_bool(&cells, TYPE_COLUMNS)) {
            add_found(loading, &cells);
        }
    }
    loading->spent |= cells.spent;
}

/* One that cannot be read is as good as lost: it must not be written back. */
static void take_events(struct loading *loading, enum query query) {
    int rows;
    struct cells cells = take(loading, query, &rows);
    for (int i = 0; i < rows && !loading->spent; i++) {
        struct event event = cells_event(at_row(&cells, i), 0);
        loading->spent |=
            cells.spent || (cells.fault == NULL && world_add_event(loading->world, &event) == NULL);
    }
}

static void take_venues(struct loading *loading) {
    int rows;
    struct cells cells = take(loading, QUERY_lock_venues, &rows);
    for (int i = 0; i < rows && !loading->spent; i++) {
        struct venue venue = cells_venue(at_row(&cells, i), 0);
        loading->spent |=
            cells.spent || (cells.fault == NULL && world_add_venue(loading->world, &venue) == NULL);
    }
}

static void take_api_keys(struct loading *loading) {
    int rows;
    struct cells cells = take(loading, QUERY_lock_api_keys, &rows);
    for (int i = 0; i < rows && !loading->spent; i++) {
        struct api_key key = cells_api_key(at_row(&cells, i), 0);
        loading->spent |=
            cells.spent || (cells.fault == NULL && world_add_api_key(loading->world, &key) == NULL);
    }
}

static void take_now(struct loading *loading) {
    int rows;
    struct cells cells = take(loading, QUERY_now, &rows);
    loading->world->now = rows == 1 ? cell_instant(&cells, 0) : INSTANT_NONE;
}

/* Their events are in the world by now. */
static void add_types(struct loading *loading) {
    for (const struct found_type *found = loading->found; found != NULL && !loading->spent;
         found = found->next) {
        struct world_type *type = world_add_type(loading->world, &found->row);
        loading->spent = type == NULL;
        if (type != NULL) {
            type->fault = found->fault;
            type->log_seq = 0;
            type->log_hash = (struct chain_hash){{0}};
            type->next_expiry_at = INSTANT_NONE;
        }
    }
}

static void blame(struct world_type *type, const char *fault) {
    if (type->fault == NULL) {
        type->fault = fault;
    }
}

static void take_type_states(struct loading *loading) {
    int rows;
    struct cells cells = take(loading, type_queries(loading->keys)->states, &rows);
    for (int i = 0; i < rows; i++) {
        struct world_type *type = world_type(loading->world, cell_uuid(at_row(&cells, i), 0));
        if (type == NULL) {
            continue; /* there is no such type */
        }
        if (!cell_is_null(&cells, 1)) {
            type->log_seq = cell_integer(&cells, 1, 1, INT64_MAX);
            cell_bytes(&cells, 2, type->log_hash.bytes, CHAIN_HASH_SIZE);
        }
        type->next_expiry_at = cell_instant_or_none(&cells, 3);
        blame(type, cells.fault);
    }
}

static void take_type_queries(struct loading *loading) {
    if (has_types(loading->keys)) {
        take_events(loading, type_queries(loading->keys)->events);
        add_types(loading);
        take_type_states(loading);
    }
}

static void take_history(struct loading *loading) {
    int rows;
    struct cells cells = take(loading, QUERY_events_have_history, &rows);
    for (int i = 0; i < rows; i++) {
        struct world_event *event = world_event(loading->world, cell_uuid(at_row(&cells, i), 0));
        if (event != NULL) {
            event->has_history = true;
        }
    }
}

static void remember_bad_cart(struct loading *loading, struct uuid id, const char *fault) {
    struct bad_cart *bad = arena_new(loading->world->arena, struct bad_cart);
    loading->spent |= bad == NULL;
    if (bad != NULL) {
        *bad = (struct bad_cart){.id = id, .fault = fault, .next = loading->bad_carts};
        loading->bad_carts = bad;
    }
}

static void take_carts(struct loading *loading) {
    int rows;
    struct cells cells = take(loading, QUERY_carts, &rows);
    for (int i = 0; i < rows && !loading->spent; i++) {
        struct cart cart = cells_cart(at_row(&cells, i), 0);
        loading->spent = cells.spent || world_add_cart(loading->world, &cart) == NULL;
        if (cells.fault != NULL) {
            remember_bad_cart(loading, cart.id, cells.fault);
        }
    }
}

static const char *fault_of_cart(const struct loading *loading, struct uuid id) {
    for (const struct bad_cart *bad = loading->bad_carts; bad != NULL; bad = bad->next) {
        if (uuid_equals(bad->id, id)) {
            return bad->fault;
        }
    }
    return NULL;
}

/* A row that cannot be read puts its type in quarantine, not the batch. A row whose type was not
 * locked came into a cart while the lock was waited for: all is read again. */
static struct world_type *add_reservation(struct loading *loading, struct cells *cells) {
    struct reservation row = cells_reservation(cells, 0);
    if (world_type(loading->world, row.ticket_type_id) == NULL) {
        loading->changed = true;
        return NULL;
    }
    struct world_reservation *reservation = world_add_reservation(loading->world, &row);
    loading->spent |= cells->spent || reservation == NULL;
    if (reservation == NULL) {
        return NULL;
    }
    blame(reservation->type, cells->fault);
    blame(reservation->type, fault_of_cart(loading, row.cart_id));
    return reservation->type;
}

static void take_reservations(struct loading *loading, enum query query) {
    int rows;
    struct cells cells = take(loading, query, &rows);
    for (int i = 0; i < rows && !loading->spent; i++) {
        (void)add_reservation(loading, at_row(&cells, i));
    }
}

/* From this type on, nobody has looked at all that is due. Rows came in the order of the types'
 * ids, and so do the types. */
static void tell_of_more(struct loading *loading, struct uuid from) {
    for (struct world_type *type = loading->world->types; type != NULL; type = type->next) {
        type->more_expired = uuid_compare(type->row.id, from) >= 0;
    }
}

static void take_expired(struct loading *loading) {
    int rows;
    struct cells cells = take(loading, type_queries(loading->keys)->expired, &rows);
    for (int i = 0; i < rows && i < EXPIRED_PER_BATCH_MAX && !loading->spent; i++) {
        (void)add_reservation(loading, at_row(&cells, i));
    }
    if (rows > EXPIRED_PER_BATCH_MAX) {
        tell_of_more(loading, cell_uuid(at_row(&cells, EXPIRED_PER_BATCH_MAX), 1));
    }
}

/* A damaged row still holds its key: with no fingerprint to match, nothing is done twice. */
static void take_idempotency(struct loading *loading) {
    int rows;
    struct cells cells = take(loading, QUERY_idempotency, &rows);
    for (int i = 0; i < rows && !loading->spent; i++) {
        struct uuid principal = cell_uuid_or_none(at_row(&cells, i), 0);
        struct text key = cell_text(&cells, 1);
        uint8_t fingerprint[FINGERPRINT_SIZE];
        cell_bytes(&cells, 2, fingerprint, sizeof fingerprint);
        struct text outcome = cell_blob(&cells, 3);
        loading->spent = cells.spent || world_add_idempotency(loading->world, principal, key,
                                                              fingerprint, outcome) == NULL;
    }
}

static void take_customers(struct loading *loading, enum query query) {
    int rows;
    struct cells cells = take(loading, query, &rows);
    for (int i = 0; i < rows && !loading->spent; i++) {
        struct uuid type = cell_uuid(at_row(&cells, i), 0);
        struct uuid user = cell_uuid(&cells, 1);
        int64_t has = cell_integer(&cells, 2, 0, INT64_MAX);
        if (cells.fault != NULL && world_type(loading->world, type) != NULL) {
            blame(world_type(loading->world, type), cells.fault); /* not known is not none */
        }
        loading->spent = world_add_customer(loading->world, type, user, has) == NULL;
    }
}

static void take_all(struct loading *loading) {
    const struct keys *keys = loading->keys;
    session_pass(loading->session, QUERY_begin);
    session_pass(loading->session, QUERY_guard);
    take_types(loading);
    if (has_events(keys)) {
        take_events(loading, QUERY_lock_events);
    }
    if (keys->venues.count > 0) {
        take_venues(loading);
    }
    if (keys->api_keys.count > 0) {
        take_api_keys(loading);
    }
    take_now(loading);
    take_type_queries(loading);
    if (keys->currency_events.count > 0) {
        take_history(loading);
    }
    if (keys->carts.count > 0) {
        take_carts(loading);
        take_reservations(loading, QUERY_cart_lines);
    }
    if (keys->reservations.count > 0) {
        take_reservations(loading, QUERY_reservations_by_id);
    }
    if (has_types(keys)) {
        take_expired(loading);
    }
    if (keys->idempotency_count > 0) {
        take_idempotency(loading);
    }
    if (keys->customers_count > 0) {
        take_customers(loading, QUERY_customers_have);
    }
    if (keys->cart_customers_count > 0) {
        take_customers(loading, QUERY_cart_customers_have);
    }
}

enum error postgres_load(struct postgres_writer *writer, const struct keys *keys,
                         struct world *world, struct failure *failure) {
    struct loading loading = {
        .writer = writer, .session = &writer->session, .keys = keys, .world = world};
    loading.found_end = &loading.found;
    world->order_ids_are_uuids = writer->store->facts.reservation_order_id_is_uuid ||
                                 writer->store->facts.log_order_id_is_uuid;
    world->venues_managed_elsewhere = writer->store->facts.venues_managed_elsewhere;
    world->events_managed_elsewhere = writer->store->facts.events_managed_elsewhere;
    world->types_managed_elsewhere = writer->store->facts.types_managed_elsewhere;
    session_begin_trip(loading.session, LOAD_LIMIT_MS);
    send_all(&loading);
    session_depart(loading.session);
    take_all(&loading);
    enum error error = session_arrive(loading.session, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    if (loading.spent) {
        return failure_set(failure, ERROR_MEMORY, "the batch's memory is spent");
    }
    if (loading.changed) {
        return failure_set(failure, ERROR_RETRY,
                           "a cart was changed while its lock was waited for");
    }
    return ERROR_NONE;
}
