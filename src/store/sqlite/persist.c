#include "store/sqlite/column.h"
#include "store/sqlite/people.h"
#include "store/sqlite/row.h"
#include "store/sqlite/writer.h"

/* A row's insert or update, ready to be bound. */
static sqlite3_stmt *writing(struct connection *connection, enum row_state state,
                             enum statement insert, enum statement update, int *result) {
    return connection_statement(connection, state == ROW_NEW ? insert : update, result);
}

/* The row that an update's guard names must have been there: the world is as it was read. */
static int finish(struct connection *connection, sqlite3_stmt *statement) {
    int result = statement_finish(statement);
    if (result == SQLITE_OK && sqlite3_changes(connection->database) != 1) {
        return RESULT_WORLD_CHANGED;
    }
    return result;
}

static int write_venues(struct connection *connection, const struct world *world) {
    int result = SQLITE_OK;
    for (const struct world_venue *venue = world->venues; result == SQLITE_OK && venue != NULL;
         venue = venue->next) {
        if (venue->state == ROW_LOADED) {
            continue;
        }
        sqlite3_stmt *statement = writing(connection, venue->state, STATEMENT_insert_venue,
                                          STATEMENT_update_venue, &result);
        if (statement != NULL) {
            bind_venue(statement, &venue->row);
            result = finish(connection, statement);
        }
    }
    return result;
}

static int write_events(struct connection *connection, const struct world *world) {
    int result = SQLITE_OK;
    for (const struct world_event *event = world->events; result == SQLITE_OK && event != NULL;
         event = event->next) {
        if (event->state == ROW_LOADED) {
            continue;
        }
        sqlite3_stmt *statement = writing(connection, event->state, STATEMENT_insert_event,
                                          STATEMENT_update_event, &result);
        if (statement != NULL) {
            bind_event(statement, &event->row);
            result = finish(connection, statement);
        }
    }
    return result;
}

/* The limit per customer of a type that has had none: found while the old row is still there. */
static int limit_is_new(struct connection *connection, const struct world_type *type,
                        bool *is_new) {
    *is_new = false;
    if (type->state == ROW_NEW || type->row.max_per_customer == 0) {
        return SQLITE_OK;
    }
    int result;
    bool row;
    SCOPED_STATEMENT *statement =
        connection_statement(connection, STATEMENT_type_is_limited, &result);
    if (statement != NULL) {
        bind_uuid(statement, 1, &type->row.id);
        result = statement_step(statement, &row);
        *is_new = result == SQLITE_OK && row && sqlite3_column_int(statement, 0) == 0;
    }
    return result;
}

static int limit_customers(struct connection *connection, const struct world_type *type) {
    int result;
    sqlite3_stmt *statement = connection_statement(connection, STATEMENT_limit_customers, &result);
    if (statement != NULL) {
        bind_uuid(statement, 1, &type->row.id);
        result = statement_finish(statement);
    }
    return result;
}

static int write_type(struct connection *connection, const struct world_type *type) {
    bool is_new_limit;
    int result = limit_is_new(connection, type, &is_new_limit);
    if (result != SQLITE_OK) {
        return result;
    }
    sqlite3_stmt *statement =
        writing(connection, type->state, STATEMENT_insert_type, STATEMENT_update_type, &result);
    if (statement == NULL) {
        return result;
    }
    bind_type(statement, &type->row);
    if (type->state == ROW_CHANGED) {
        bind_integer(statement, TYPE_GUARD, type->loaded_seq);
    }
    result = finish(connection, statement);
    return result == SQLITE_OK && is_new_limit ? limit_customers(connection, type) : result;
}

static int write_types(struct connection *connection, const struct world *world) {
    int result = SQLITE_OK;
    for (const struct world_type *type = world->types; result == SQLITE_OK && type != NULL;
         type = type->next) {
        result = type->state == ROW_LOADED ? SQLITE_OK : write_type(connection, type);
    }
    return result;
}

static int write_carts(struct connection *connection, const struct world *world) {
    int result = SQLITE_OK;
    for (const struct world_cart *cart = world->carts; result == SQLITE_OK && cart != NULL;
         cart = cart->next) {
        if (cart->state == ROW_LOADED) {
            continue;
        }
        sqlite3_stmt *statement =
            writing(connection, cart->state, STATEMENT_insert_cart, STATEMENT_update_cart, &result);
        if (statement != NULL) {
            bind_cart(statement, &cart->row);
            if (cart->state == ROW_CHANGED) {
                bind_text(statement, CART_GUARD, reservation_status_name(cart->loaded_status));
            }
            result = finish(connection, statement);
        }
    }
    return result;
}

static bool has_ended(enum reservation_status status) {
    return status == RESERVATION_RELEASED || status == RESERVATION_EXPIRED;
}

/* A reservation counts for its user's limit where the type has one. */
static void bind_limited_user(sqlite3_stmt *statement,
                              const struct world_reservation *reservation) {
    bool is_limited = reservation->type != NULL && reservation->type->row.max_per_customer > 0;
    bind_uuid(statement, RESERVATION_LIMITED,
              is_limited ? &reservation->row.user_id : &(struct uuid){{0}});
}

static int write_reservations(struct connection *connection, const struct world *world) {
    int result = SQLITE_OK;
    for (const struct world_reservation *reservation = world->reservations;
         result == SQLITE_OK && reservation != NULL; reservation = reservation->next) {
        if (reservation->state == ROW_LOADED) {
            continue;
        }
        sqlite3_stmt *statement =
            writing(connection, reservation->state, STATEMENT_insert_reservation,
                    has_ended(reservation->row.status) ? STATEMENT_end_reservation
                                                       : STATEMENT_update_reservation,
                    &result);
        if (statement != NULL) {
            bind_reservation(statement, &reservation->row);
            bind_limited_user(statement, reservation);
            if (reservation->state == ROW_CHANGED) {
                bind_text(statement, RESERVATION_GUARD,
                          reservation_status_name(reservation->loaded_status));
            }
            result = finish(connection, statement);
        }
    }
    return result;
}

static int write_entries(struct connection *connection, const struct world *world) {
    int result = SQLITE_OK;
    for (const struct world_entry *entry = world->entries; result == SQLITE_OK && entry != NULL;
         entry = entry->next) {
        sqlite3_stmt *statement = connection_statement(connection, STATEMENT_insert_entry, &result);
        if (statement != NULL) {
            bind_entry(statement, &entry->row);
            result = statement_finish(statement);
        }
    }
    return result;
}

static int write_api_keys(struct connection *connection, const struct world *world) {
    int result = SQLITE_OK;
    for (const struct world_api_key *key = world->api_keys; result == SQLITE_OK && key != NULL;
         key = key->next) {
        if (key->state == ROW_LOADED) {
            continue;
        }
        sqlite3_stmt *statement = writing(connection, key->state, STATEMENT_insert_api_key,
                                          STATEMENT_update_api_key, &result);
        if (statement != NULL) {
            bind_api_key(statement, &key->row);
            result = finish(connection, statement);
        }
    }
    return result;
}

static int write_idempotency(struct connection *connection, const struct world *world) {
    int result = SQLITE_OK;
    for (const struct world_idempotency *record = world->idempotency;
         result == SQLITE_OK && record != NULL; record = record->next) {
        if (record->state != ROW_NEW) {
            continue;
        }
        sqlite3_stmt *statement =
            connection_statement(connection, STATEMENT_insert_idempotency, &result);
        if (statement != NULL) {
            bind_bytes(statement, 1, record->principal.bytes, sizeof record->principal);
            bind_text(statement, 2, record->key);
            bind_bytes(statement, 3, record->fingerprint, FINGERPRINT_SIZE);
            bind_bytes(statement, 4, record->outcome.bytes, record->outcome.length);
            bind_instant(statement, 5, world->now);
            result = statement_finish(statement);
        }
    }
    return result == SQLITE_CONSTRAINT_UNIQUE ? RESULT_TWIN : result;
}

/* Writes even where there is nothing to forget: whoever asks whether the store can be written to
 * (no page changed is no page written) asks by this. */
static int prune(struct connection *connection, struct world *world) {
    if (instant_is_none(world->prune_before)) {
        return SQLITE_OK;
    }
    int result;
    sqlite3_stmt *statement =
        connection_statement(connection, STATEMENT_prune_idempotency, &result);
    if (statement != NULL) {
        bind_instant(statement, 1, world->prune_before);
        result = statement_finish(statement);
        world->pruned = sqlite3_changes(connection->database);
    }
    statement = result == SQLITE_OK
                    ? connection_statement(connection, STATEMENT_prune_sessions, &result)
                    : NULL;
    if (statement != NULL) {
        bind_instant(statement, 1, world->prune_before);
        result = statement_finish(statement);
    }
    return result == SQLITE_OK ? connection_run(connection, STATEMENT_settle) : result;
}

int write_world(struct connection *connection, struct world *world) {
    int result = write_venues(connection, world);
    result = result == SQLITE_OK ? write_events(connection, world) : result;
    result = result == SQLITE_OK ? write_types(connection, world) : result;
    result = result == SQLITE_OK ? write_shifts(connection, world) : result;
    result = result == SQLITE_OK ? write_carts(connection, world) : result;
    result = result == SQLITE_OK ? write_reservations(connection, world) : result;
    result = result == SQLITE_OK ? write_entries(connection, world) : result;
    result = result == SQLITE_OK ? write_api_keys(connection, world) : result;
    result = result == SQLITE_OK ? write_people(connection, world) : result;
    result = result == SQLITE_OK ? prune(connection, world) : result;
    result = result == SQLITE_OK ? write_idempotency(connection, world) : result;
    return result;
}
