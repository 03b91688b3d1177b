#include "store/sqlite/reader.h"
#include "store/sqlite/people.h"

#include <stdlib.h>

#include "base/check.h"

enum { SNAPSHOT_US = 1000000 }; /* an open snapshot keeps the WAL from beginning anew */

int reader_begin(struct sqlite_reader *reader, struct instant *now) {
    struct connection *connection = &reader->connection;
    connection->deadline_us = monotonic_us() + SNAPSHOT_US;
    reader->fault = NULL;
    int result = connection_run(connection, STATEMENT_snapshot);
    if (result == SQLITE_OK) {
        /* BEGIN alone takes no snapshot: the first read does. */
        SCOPED_STATEMENT *touch = connection_statement(connection, STATEMENT_touch, &result);
        bool row;
        result = touch == NULL ? result : statement_step(touch, &row);
    }
    *now = clock_now(reader->store->clock);
    return result;
}

enum error reader_end(struct sqlite_reader *reader, int result, struct failure *failure) {
    struct connection *connection = &reader->connection;
    enum error error = ERROR_NONE;
    if (result == RESULT_NOT_FOUND) {
        error = failure_set(failure, ERROR_NOT_FOUND, "there is no such row");
    } else if (result == RESULT_ROW_FAULT) {
        error = failure_set(failure, ERROR_CORRUPT, "%s: a row cannot be read: %s",
                            connection->path, reader->fault);
    } else if (result != SQLITE_OK) {
        error = connection_failed(connection, result, "read from it", failure);
    }
    connection->deadline_us = 0;
    if (!sqlite3_get_autocommit(connection->database)) {
        (void)connection_run(connection, STATEMENT_rollback);
    }
    return error;
}

int reader_find(struct sqlite_reader *reader, enum statement name, const struct uuid *id,
                sqlite3_stmt **statement) {
    int result;
    *statement = connection_statement(&reader->connection, name, &result);
    if (*statement == NULL) {
        return result;
    }
    bind_bytes(*statement, 1, id->bytes, sizeof id->bytes);
    bool row;
    result = statement_step(*statement, &row);
    return result == SQLITE_OK && !row ? RESULT_NOT_FOUND : result;
}

int reader_judge(struct sqlite_reader *reader, const struct columns *columns) {
    if (columns->spent) {
        return RESULT_ARENA_SPENT;
    }
    reader->fault = columns->fault;
    return columns->fault == NULL ? SQLITE_OK : RESULT_ROW_FAULT;
}

/* Reads one row of `kind` by its id: the same few lines for a venue, an event, a reservation. */
#define READ_ROW(reader, kind, id, arena, now, row, failure)                                       \
    do {                                                                                           \
        int result = reader_begin((reader), (now));                                                \
        if (result == SQLITE_OK) {                                                                 \
            SCOPED_STATEMENT *statement = NULL;                                                    \
            result = reader_find((reader), STATEMENT_##kind, &(id), &statement);                   \
            if (result == SQLITE_OK) {                                                             \
                struct columns columns = {.statement = statement, .arena = (arena)};               \
                struct kind read = read_##kind(&columns);                                          \
                result = reader_judge((reader), &columns);                                         \
                *(row) = result == SQLITE_OK ? read : *(row);                                      \
            }                                                                                      \
        }                                                                                          \
        return reader_end((reader), result, (failure));                                            \
    } while (0)

static enum error read_one_venue(struct store_reader *port, struct uuid id, struct arena *arena,
                                 struct venue *venue, struct failure *failure) {
    struct instant now;
    READ_ROW(sqlite_reader(port), venue, id, arena, &now, venue, failure);
}

static enum error read_one_event(struct store_reader *port, struct uuid id, struct arena *arena,
                                 struct event *event, struct failure *failure) {
    struct instant now;
    READ_ROW(sqlite_reader(port), event, id, arena, &now, event, failure);
}

static enum error read_one_reservation(struct store_reader *port, struct uuid id,
                                       struct arena *arena, struct reservation *reservation,
                                       struct instant *as_of, struct failure *failure) {
    READ_ROW(sqlite_reader(port), reservation, id, arena, as_of, reservation, failure);
}

struct type_reading read_type_reading(struct columns *columns) {
    int published = sqlite3_column_count(columns->statement) - 4;
    struct type_reading reading = {.row = read_type(columns)};
    if (sqlite3_column_type(columns->statement, published) == SQLITE_NULL) {
        columns_blame(columns, "a ticket type's event is missing");
        reading.currency = (struct currency){"XXX"};
        return reading;
    }
    reading.event_is_public = column_integer(columns, published, 0, 1) == 1 &&
                              sqlite3_column_type(columns->statement, published + 1) == SQLITE_NULL;
    reading.currency = column_currency(columns, published + 2);
    reading.event_version = column_integer(columns, published + 3, 1, INT64_MAX);
    return reading;
}

int reader_type_counts(struct sqlite_reader *reader, struct type_reading *reading,
                       struct instant now) {
    reading->as_of = now;
    reading->next_expiry_at = INSTANT_NONE;
    int result;
    SCOPED_STATEMENT *due = connection_statement(&reader->connection, STATEMENT_type_due, &result);
    SCOPED_STATEMENT *next =
        due == NULL
            ? NULL
            : connection_statement(&reader->connection, STATEMENT_type_next_expiry, &result);
    if (next == NULL) {
        return result;
    }
    bind_uuid(due, 1, &reading->row.id);
    bind_instant(due, 2, now);
    bool row;
    result = statement_step(due, &row);
    if (result != SQLITE_OK) {
        return result;
    }
    int64_t expired = sqlite3_column_int64(due, 0);
    int64_t reserved = reading->row.counts.reserved;
    reading->row.counts.reserved = (int32_t)(expired < reserved ? reserved - expired : 0);
    bind_uuid(next, 1, &reading->row.id);
    bind_instant(next, 2, now);
    result = statement_step(next, &row);
    if (result == SQLITE_OK && row) {
        struct columns columns = {.statement = next};
        reading->next_expiry_at = column_instant(&columns, 0);
    }
    return result;
}

static enum error read_one_type(struct store_reader *port, struct uuid id, struct arena *arena,
                                struct type_reading *type, struct failure *failure) {
    struct sqlite_reader *reader = sqlite_reader(port);
    struct type_reading reading = {.next_expiry_at = INSTANT_NONE};
    struct instant now;
    int result = reader_begin(reader, &now);
    if (result == SQLITE_OK) {
        SCOPED_STATEMENT *statement = NULL;
        result = reader_find(reader, STATEMENT_type_reading, &id, &statement);
        if (result == SQLITE_OK) {
            struct columns columns = {.statement = statement, .arena = arena};
            reading = read_type_reading(&columns);
            result = reader_judge(reader, &columns);
        }
    }
    result = result == SQLITE_OK ? reader_type_counts(reader, &reading, now) : result;
    enum error error = reader_end(reader, result, failure);
    if (error == ERROR_NONE) {
        *type = reading;
    }
    return error;
}

static int read_cart_row(struct sqlite_reader *reader, const struct uuid *id, struct arena *arena,
                         struct cart *cart) {
    SCOPED_STATEMENT *statement = NULL;
    int result = reader_find(reader, STATEMENT_cart, id, &statement);
    if (result == SQLITE_OK) {
        struct columns columns = {.statement = statement, .arena = arena};
        *cart = read_cart(&columns);
        result = reader_judge(reader, &columns);
    }
    return result;
}

static int read_cart_lines(struct sqlite_reader *reader, const struct cart *cart,
                           struct arena *arena, struct page *lines) {
    SCOPED_STATEMENT *statement = NULL;
    int result = reader_find(reader, STATEMENT_cart_lines, &cart->id, &statement);
    bool row = result == SQLITE_OK;
    size_t capacity = 0;
    struct reservation *list = NULL;
    while (result == SQLITE_OK && row) {
        if (lines->count == capacity) {
            capacity = capacity == 0 ? 8 : 2 * capacity;
            struct reservation *larger = arena_array(arena, struct reservation, capacity);
            if (larger == NULL) {
                return RESULT_ARENA_SPENT;
            }
            if (lines->count > 0) {
                memcpy(larger, list, lines->count * sizeof *list);
            }
            lines->rows = list = larger;
        }
        struct columns columns = {.statement = statement, .arena = arena};
        list[lines->count] = read_reservation(&columns);
        lines->count += cart_shows_line(cart, &list[lines->count]) ? 1 : 0;
        result = reader_judge(reader, &columns);
        result = result == SQLITE_OK ? statement_step(statement, &row) : result;
    }
    return result == RESULT_NOT_FOUND ? SQLITE_OK : result; /* a cart without lines */
}

static enum error read_one_cart(struct store_reader *port, struct uuid id, struct arena *arena,
                                struct cart *cart, struct page *lines, struct failure *failure) {
    struct sqlite_reader *reader = sqlite_reader(port);
    struct cart found = {.created_at = INSTANT_NONE};
    struct page page = {.count = 0};
    int result = reader_begin(reader, &page.as_of);
    result = result == SQLITE_OK ? read_cart_row(reader, &id, arena, &found) : result;
    result = result == SQLITE_OK ? read_cart_lines(reader, &found, arena, &page) : result;
    enum error error = reader_end(reader, result, failure);
    if (error == ERROR_NONE) {
        *cart = found;
        *lines = page;
    }
    return error;
}

static enum error read_type_heads(struct store_reader *port, const struct uuid *ids, size_t count,
                                  struct arena *arena, struct page *page, struct failure *failure) {
    struct sqlite_reader *reader = sqlite_reader(port);
    struct type_head *heads = arena_array(arena, struct type_head, count);
    struct page read = {.rows = heads};
    int result = reader_begin(reader, &read.as_of);
    result = result == SQLITE_OK && heads == NULL ? RESULT_ARENA_SPENT : result;
    for (size_t i = 0; result == SQLITE_OK && i < count; i++) {
        SCOPED_STATEMENT *statement = NULL;
        result = reader_find(reader, STATEMENT_type_head, &ids[i], &statement);
        if (result == SQLITE_OK) {
            struct columns columns = {.statement = statement};
            heads[read.count++] = (struct type_head){
                .id = ids[i],
                .audit_seq = column_integer(&columns, 0, 0, INT64_MAX),
                .settings_version = column_integer(&columns, 1, 1, INT64_MAX),
                .event_version = column_integer(&columns, 2, 1, INT64_MAX),
                .event_is_public = column_integer(&columns, 3, 0, 1) == 1,
            };
            result = reader_judge(reader, &columns);
        }
        result = result == RESULT_NOT_FOUND ? SQLITE_OK : result;
    }
    enum error error = reader_end(reader, result, failure);
    if (error == ERROR_NONE) {
        *page = read;
    }
    return error;
}

static void close_reader(struct store_reader *port) {
    struct sqlite_reader *reader = sqlite_reader(port);
    connection_close(&reader->connection);
    free(reader);
}

static const struct store_reader_operations operations = {
    .close = close_reader,
    .venue = read_one_venue,
    .venues = sqlite_list_venues,
    .event = read_one_event,
    .events = sqlite_list_events,
    .type = read_one_type,
    .types = sqlite_list_types,
    .inventory = sqlite_read_inventory,
    .reservation = read_one_reservation,
    .cart = read_one_cart,
    .reservations = sqlite_list_reservations,
    .sales = sqlite_list_sales,
    .audit_log = sqlite_list_audit_log,
    .history = sqlite_read_history,
    .entries = sqlite_read_entries,
    .sums = sqlite_read_sums,
    .shifts = sqlite_list_shifts,
    .shift_sums = sqlite_read_shift_sums,
    .api_keys = sqlite_list_api_keys,
    .staff = sqlite_list_staff,
    .sessions = sqlite_list_sessions,
    .due_types = sqlite_list_due_types,
    .type_heads = read_type_heads,
    .sold = sqlite_read_sold,
    .adjusted = sqlite_read_adjusted,
};

enum error sqlite_open_reader(struct store *store, struct store_reader **reader,
                              struct failure *failure) {
    struct sqlite_reader *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return failure_set(failure, ERROR_UNAVAILABLE, "out of memory");
    }
    made->port.operations = &operations;
    made->store = (struct sqlite_store *)store;
    enum error error =
        connection_open(&made->connection, made->store->path, CONNECTION_READER, false, failure);
    if (error != ERROR_NONE) {
        free(made);
        return error;
    }
    *reader = &made->port;
    return ERROR_NONE;
}
