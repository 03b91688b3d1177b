#include "store/sqlite/column.h"
#include "store/sqlite/people.h"
#include "store/sqlite/row.h"
#include "store/sqlite/writer.h"

#include "domain/limits.h"

/* Rows whose ticket types must be in the world before them. */
struct waiting {
    struct reservation row;
    const char *fault;
    struct waiting *next;
};

struct loading {
    struct connection *connection;
    struct world *world;
    struct waiting *waiting, **waiting_end;
    size_t expired_left; /* of EXPIRED_PER_BATCH_MAX */
};

static struct columns columns_of(const struct loading *loading, sqlite3_stmt *statement) {
    return (struct columns){.statement = statement, .arena = loading->world->arena};
}

/* A statement with its first parameter bound, at its first row. */
static int find(struct loading *loading, enum statement name, const struct uuid *id,
                sqlite3_stmt **statement, bool *row) {
    int result;
    *row = false;
    *statement = connection_statement(loading->connection, name, &result);
    if (*statement == NULL) {
        return result;
    }
    bind_uuid(*statement, 1, id);
    return statement_step(*statement, row);
}

static int load_venue(struct loading *loading, const struct uuid *id) {
    SCOPED_STATEMENT *statement = NULL;
    bool row;
    int result = find(loading, STATEMENT_venue, id, &statement, &row);
    if (result != SQLITE_OK || !row) {
        return result;
    }
    struct columns columns = columns_of(loading, statement);
    struct venue venue = read_venue(&columns);
    if (columns.spent) {
        return RESULT_ARENA_SPENT;
    }
    /* One that cannot be read is as good as lost: it must not be written back. */
    return columns.fault != NULL || world_add_venue(loading->world, &venue) != NULL
               ? SQLITE_OK
               : RESULT_ARENA_SPENT;
}

static int load_api_key(struct loading *loading, const struct uuid *id) {
    SCOPED_STATEMENT *statement = NULL;
    bool row;
    int result = find(loading, STATEMENT_api_key, id, &statement, &row);
    if (result != SQLITE_OK || !row) {
        return result;
    }
    struct columns columns = columns_of(loading, statement);
    struct api_key key = read_api_key(&columns);
    if (columns.spent) {
        return RESULT_ARENA_SPENT;
    }
    return columns.fault != NULL || world_add_api_key(loading->world, &key) != NULL
               ? SQLITE_OK
               : RESULT_ARENA_SPENT;
}

/* A type whose event is not in the world is quarantined by decide. */
static int load_event(struct loading *loading, const struct uuid *id) {
    if (world_event(loading->world, *id) != NULL) {
        return SQLITE_OK;
    }
    SCOPED_STATEMENT *statement = NULL;
    bool row;
    int result = find(loading, STATEMENT_event, id, &statement, &row);
    if (result != SQLITE_OK || !row) {
        return result;
    }
    struct columns columns = columns_of(loading, statement);
    struct event event = read_event(&columns);
    if (columns.spent) {
        return RESULT_ARENA_SPENT;
    }
    return columns.fault != NULL || world_add_event(loading->world, &event) != NULL
               ? SQLITE_OK
               : RESULT_ARENA_SPENT;
}

static int load_event_history(struct loading *loading, const struct uuid *id) {
    int result = load_event(loading, id);
    struct world_event *event = world_event(loading->world, *id);
    if (result != SQLITE_OK || event == NULL) {
        return result;
    }
    SCOPED_STATEMENT *statement = NULL;
    return find(loading, STATEMENT_event_has_history, id, &statement, &event->has_history);
}

/* The head of the log as the log itself has it, to be compared with the row's. */
static int load_log_head(struct loading *loading, struct world_type *type) {
    SCOPED_STATEMENT *statement = NULL;
    bool row;
    int result = find(loading, STATEMENT_type_log_head, &type->row.id, &statement, &row);
    type->log_seq = 0;
    type->log_hash = (struct chain_hash){{0}};
    if (result == SQLITE_OK && row) {
        struct columns columns = columns_of(loading, statement);
        type->log_seq = column_integer(&columns, 0, 1, INT64_MAX);
        column_bytes(&columns, 1, type->log_hash.bytes, CHAIN_HASH_SIZE);
        type->fault = type->fault == NULL ? columns.fault : type->fault;
    }
    return result;
}

static int load_type(struct loading *loading, const struct uuid *id) {
    if (world_type(loading->world, *id) != NULL) {
        return SQLITE_OK;
    }
    SCOPED_STATEMENT *statement = NULL;
    bool row;
    int result = find(loading, STATEMENT_type, id, &statement, &row);
    if (result != SQLITE_OK || !row) {
        return result;
    }
    struct columns columns = columns_of(loading, statement);
    struct ticket_type read = read_type(&columns);
    if (columns.spent) {
        return RESULT_ARENA_SPENT;
    }
    result = load_event(loading, &read.event_id);
    if (result != SQLITE_OK) {
        return result;
    }
    struct world_type *type = world_add_type(loading->world, &read);
    if (type == NULL) {
        return RESULT_ARENA_SPENT;
    }
    type->fault = columns.fault;
    return load_log_head(loading, type);
}

static int add_waiting(struct loading *loading, sqlite3_stmt *statement) {
    struct waiting *waiting = arena_new(loading->world->arena, struct waiting);
    if (waiting == NULL) {
        return RESULT_ARENA_SPENT;
    }
    struct columns columns = columns_of(loading, statement);
    waiting->row = read_reservation(&columns);
    waiting->fault = columns.fault;
    *loading->waiting_end = waiting;
    loading->waiting_end = &waiting->next;
    return columns.spent ? RESULT_ARENA_SPENT : SQLITE_OK;
}

static int load_reservation(struct loading *loading, const struct uuid *id) {
    SCOPED_STATEMENT *statement = NULL;
    bool row;
    int result = find(loading, STATEMENT_reservation, id, &statement, &row);
    return result == SQLITE_OK && row ? add_waiting(loading, statement) : result;
}

static int load_lines(struct loading *loading, const struct uuid *cart_id, const char *fault) {
    SCOPED_STATEMENT *statement = NULL;
    bool row;
    int result = find(loading, STATEMENT_cart_lines, cart_id, &statement, &row);
    while (result == SQLITE_OK && row) {
        struct waiting **at = loading->waiting_end;
        result = add_waiting(loading, statement);
        if (result == SQLITE_OK) {
            (*at)->fault = (*at)->fault == NULL ? fault : (*at)->fault;
            result = statement_step(statement, &row);
        }
    }
    return result;
}

static int load_cart(struct loading *loading, const struct uuid *id) {
    SCOPED_STATEMENT *statement = NULL;
    bool row;
    int result = find(loading, STATEMENT_cart, id, &statement, &row);
    if (result != SQLITE_OK || !row) {
        return result;
    }
    struct columns columns = columns_of(loading, statement);
    struct cart cart = read_cart(&columns);
    if (columns.spent || world_add_cart(loading->world, &cart) == NULL) {
        return RESULT_ARENA_SPENT;
    }
    return load_lines(loading, id, columns.fault);
}

/* A row that cannot be read puts its type in quarantine, not the batch. */
static int add_reservation(struct loading *loading, const struct reservation *row,
                           const char *fault) {
    struct world_reservation *reservation = world_add_reservation(loading->world, row);
    if (reservation == NULL) {
        return RESULT_ARENA_SPENT;
    }
    if (fault != NULL && reservation->type != NULL && reservation->type->fault == NULL) {
        reservation->type->fault = fault;
    }
    return SQLITE_OK;
}

static int load_expired(struct loading *loading, struct world_type *type) {
    SCOPED_STATEMENT *statement = NULL;
    int result;
    statement = connection_statement(loading->connection, STATEMENT_type_expired, &result);
    if (statement == NULL) {
        return result;
    }
    bind_uuid(statement, 1, &type->row.id);
    bind_instant(statement, 2, loading->world->now);
    bind_integer(statement, 3, (int64_t)loading->expired_left + 1);
    bool row;
    while ((result = statement_step(statement, &row)) == SQLITE_OK && row) {
        if (loading->expired_left == 0) {
            type->more_expired = true;
            break;
        }
        struct columns columns = columns_of(loading, statement);
        struct reservation reservation = read_reservation(&columns);
        result = columns.spent ? RESULT_ARENA_SPENT
                               : add_reservation(loading, &reservation, columns.fault);
        if (result != SQLITE_OK) {
            break;
        }
        loading->expired_left--;
    }
    return result;
}

static int load_next_expiry(struct loading *loading, struct world_type *type) {
    SCOPED_STATEMENT *statement = NULL;
    int result;
    statement = connection_statement(loading->connection, STATEMENT_type_next_expiry, &result);
    if (statement == NULL) {
        return result;
    }
    bind_uuid(statement, 1, &type->row.id);
    bind_instant(statement, 2, loading->world->now);
    bool row;
    result = statement_step(statement, &row);
    if (result == SQLITE_OK && row) {
        struct columns columns = columns_of(loading, statement);
        type->next_expiry_at = column_instant(&columns, 0);
        type->fault = type->fault == NULL ? columns.fault : type->fault;
    }
    return result;
}

static int load_idempotency(struct loading *loading, const struct idempotency_pair *pair) {
    SCOPED_STATEMENT *statement = NULL;
    int result;
    statement = connection_statement(loading->connection, STATEMENT_idempotency, &result);
    if (statement == NULL) {
        return result;
    }
    bind_bytes(statement, 1, pair->principal.bytes, sizeof pair->principal);
    bind_text(statement, 2, pair->key);
    bool row;
    result = statement_step(statement, &row);
    if (result != SQLITE_OK || !row) {
        return result;
    }
    /* A damaged row still holds its key: with no fingerprint to match, nothing is done twice. */
    struct columns columns = columns_of(loading, statement);
    uint8_t fingerprint[FINGERPRINT_SIZE];
    column_bytes(&columns, 0, fingerprint, sizeof fingerprint);
    struct text outcome = column_blob(&columns, 1);
    return !columns.spent && world_add_idempotency(loading->world, pair->principal, pair->key,
                                                   fingerprint, outcome) != NULL
               ? SQLITE_OK
               : RESULT_ARENA_SPENT;
}

static int load_customer(struct loading *loading, struct uuid ticket_type_id, struct uuid user_id) {
    const struct world_type *type = world_type(loading->world, ticket_type_id);
    if (type == NULL || type->row.max_per_customer == 0 || uuid_is_none(user_id)) {
        return SQLITE_OK;
    }
    SCOPED_STATEMENT *statement = NULL;
    int result;
    statement = connection_statement(loading->connection, STATEMENT_customer_has, &result);
    if (statement == NULL) {
        return result;
    }
    bind_uuid(statement, 1, &user_id);
    bind_uuid(statement, 2, &ticket_type_id);
    bind_instant(statement, 3, loading->world->now);
    bool row;
    result = statement_step(statement, &row);
    if (result != SQLITE_OK || !row) {
        return result;
    }
    int64_t has = sqlite3_column_int64(statement, 0);
    return world_add_customer(loading->world, ticket_type_id, user_id, has) != NULL
               ? SQLITE_OK
               : RESULT_ARENA_SPENT;
}

static int load_cart_customer(struct loading *loading, const struct cart_customer_pair *pair) {
    const struct world_cart *cart = world_cart(loading->world, pair->cart_id);
    return cart == NULL ? SQLITE_OK
                        : load_customer(loading, pair->ticket_type_id, cart->row.user_id);
}

static int load_all(struct loading *loading, const struct id_set *ids,
                    int (*load_one)(struct loading *, const struct uuid *)) {
    int result = SQLITE_OK;
    for (size_t i = 0; result == SQLITE_OK && i < ids->count; i++) {
        result = load_one(loading, &ids->list[i]);
    }
    return result;
}

/* Types, those of carts' lines and reservations too, then what waits for them. */
static int load_types(struct loading *loading, const struct id_set *types) {
    int result = load_all(loading, types, load_type);
    for (const struct waiting *each = loading->waiting; result == SQLITE_OK && each != NULL;
         each = each->next) {
        result = load_type(loading, &each->row.ticket_type_id);
    }
    for (const struct waiting *each = loading->waiting; result == SQLITE_OK && each != NULL;
         each = each->next) {
        result = add_reservation(loading, &each->row, each->fault);
    }
    for (struct world_type *type = loading->world->types; result == SQLITE_OK && type != NULL;
         type = type->next) {
        result = load_expired(loading, type);
        if (result == SQLITE_OK) {
            result = load_next_expiry(loading, type);
        }
    }
    return result;
}

int load_world(struct connection *connection, const struct keys *keys, struct world *world) {
    struct loading loading = {
        .connection = connection, .world = world, .expired_left = EXPIRED_PER_BATCH_MAX};
    loading.waiting_end = &loading.waiting;

    int result = load_all(&loading, &keys->venues, load_venue);
    result = result == SQLITE_OK ? load_all(&loading, &keys->api_keys, load_api_key) : result;
    result = result == SQLITE_OK ? load_people(connection, keys, world) : result;
    result = result == SQLITE_OK ? load_all(&loading, &keys->events, load_event) : result;
    result = result == SQLITE_OK ? load_all(&loading, &keys->currency_events, load_event_history)
                                 : result;
    result = result == SQLITE_OK ? load_all(&loading, &keys->carts, load_cart) : result;
    result =
        result == SQLITE_OK ? load_all(&loading, &keys->reservations, load_reservation) : result;
    result = result == SQLITE_OK ? load_types(&loading, &keys->types) : result;
    result = result == SQLITE_OK ? load_shifts(connection, keys, world) : result;
    for (size_t i = 0; result == SQLITE_OK && i < keys->idempotency_count; i++) {
        result = load_idempotency(&loading, &keys->idempotency[i]);
    }
    for (size_t i = 0; result == SQLITE_OK && i < keys->customers_count; i++) {
        const struct customer_pair *pair = &keys->customers[i];
        result = load_customer(&loading, pair->ticket_type_id, pair->user_id);
    }
    for (size_t i = 0; result == SQLITE_OK && i < keys->cart_customers_count; i++) {
        result = load_cart_customer(&loading, &keys->cart_customers[i]);
    }
    return result;
}
