#include "store/postgres/loading.h"
#include "store/postgres/people.h"

#include "domain/limits.h"
#include "store/postgres/row.h"

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
    bool of_events = loading_has_events(loading->keys);
    if (!of_events && !loading_has_types(loading->keys)) {
        return;
    }
    int rows;
    struct cells cells = take(
        loading, of_events ? QUERY_lock_types_of_events : loading_type_queries(loading->keys)->lock,
        &rows);
    for (int i = 0; i < rows && !loading->spent; i++) {
        at_row(&cells, i);
        if (!of_events || cell_bool(&cells, TYPE_COLUMNS)) {
            add_found(loading, &cells);
        }
        loading->event_types += of_events && cell_bool(&cells, TYPE_COLUMNS + 1);
    }
    loading->spent |= cells.spent;
}

/* A type that another server made while the locks were waited for is not locked: all is read
 * again. Nobody can make one now. */
static void take_event_types_count(struct loading *loading) {
    int rows;
    struct cells cells = take(loading, QUERY_event_types_count, &rows);
    loading->changed |= rows == 1 && cell_integer(&cells, 0, 0, INT64_MAX) != loading->event_types;
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

/* One that cannot be read counts nothing more. */
static void take_shifts(struct loading *loading) {
    int rows;
    struct cells cells = take(loading, QUERY_lock_shifts, &rows);
    for (int i = 0; i < rows && !loading->spent; i++) {
        struct shift row = cells_shift(at_row(&cells, i), 0);
        struct world_shift *shift = cells.spent ? NULL : world_add_shift(loading->world, &row);
        loading->spent |= shift == NULL;
        if (shift != NULL) {
            shift->fault = cells.fault;
        }
    }
}

static void take_shift_totals(struct loading *loading) {
    int rows;
    struct cells cells = take(loading, QUERY_totals_of_shifts, &rows);
    for (int i = 0; i < rows && !loading->spent; i++) {
        struct uuid id = cell_uuid(at_row(&cells, i), 0);
        struct shift_total row = cells_shift_total(&cells, 0);
        struct world_shift *shift = world_shift(loading->world, id);
        if (shift == NULL) { /* opened while the lock of the one before was waited for */
            loading->changed = true;
            return;
        }
        loading->spent |= cells.spent || world_add_shift_total(loading->world, shift, &row) == NULL;
        shift->fault = shift->fault == NULL ? cells.fault : shift->fault;
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
    struct cells cells = take(loading, loading_type_queries(loading->keys)->states, &rows);
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
    if (loading_has_types(loading->keys)) {
        take_events(loading, loading_type_queries(loading->keys)->events);
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
    struct cells cells = take(loading, loading_type_queries(loading->keys)->expired, &rows);
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

void load_take_all(struct loading *loading) {
    const struct keys *keys = loading->keys;
    session_pass(loading->session, QUERY_begin);
    session_pass(loading->session, QUERY_guard);
    take_types(loading);
    if (loading_has_events(keys)) {
        take_events(loading, QUERY_lock_events);
        take_event_types_count(loading);
    }
    if (keys->venues.count > 0) {
        take_venues(loading);
    }
    if (keys->api_keys.count > 0) {
        take_api_keys(loading);
    }
    people_take_lock(loading->session, keys);
    if (loading_has_shifts(keys)) {
        take_shifts(loading);
    }
    take_now(loading);
    loading->spent |= !people_take(loading->session, keys, loading->world);
    take_type_queries(loading);
    if (keys->currency_events.count > 0) {
        take_history(loading);
    }
    if (loading_has_shifts(keys)) {
        take_shift_totals(loading);
    }
    if (keys->carts.count > 0) {
        take_carts(loading);
        take_reservations(loading, QUERY_cart_lines);
    }
    if (keys->reservations.count > 0) {
        take_reservations(loading, QUERY_reservations_by_id);
    }
    if (loading_has_types(keys)) {
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
