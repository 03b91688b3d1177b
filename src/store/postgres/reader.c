#include "store/postgres/reader.h"
#include "store/postgres/people.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"

enum {
    SNAPSHOT_MS = 1000, /* rows that a snapshot may still see cannot be tidied up */
    MARGIN_MS = 2000,   /* beyond it the answer is not on its way any more */
};

/* --- a snapshot --------------------------------------------------------------- */

static void send_snapshot(struct postgres_reader *reader, const struct snapshot *snapshot,
                          int limit_ms) {
    struct session *session = &reader->session;
    char limit[16];
    snprintf(limit, sizeof limit, "%dms", limit_ms);
    session_send(session, QUERY_snapshot);
    give_text(session_parameters(session), 1, text_of(limit));
    session_send(session, QUERY_guard_reader);
    give_instant(session_parameters(session), 1,
                 instant_is_none(snapshot->now) ? postgres_given_time(reader->store)
                                                : snapshot->now);
    session_send(session, QUERY_now);
}

static enum error attempt(struct postgres_reader *reader, const struct reading *reading,
                          struct snapshot *snapshot, void *context, struct failure *failure) {
    struct session *session = &reader->session;
    int limit_ms = snapshot->limit_ms == 0 ? SNAPSHOT_MS : snapshot->limit_ms;
    snapshot->missing = snapshot->spent = false;
    snapshot->fault = NULL;
    session_begin_trip(session, limit_ms + MARGIN_MS);
    send_snapshot(reader, snapshot, limit_ms);
    reading->send(session, context);
    session_send(session, QUERY_end_snapshot);
    session_depart(session);
    struct cells now = {.result = session_pass_to(session, QUERY_now)};
    if (now.result != NULL) {
        snapshot->now = cell_instant(&now, 0);
        snapshot->fault = now.fault;
        reading->take(snapshot, context);
    }
    (void)session_pass_to(session, QUERY_end_snapshot);
    enum error error = session_arrive(session, failure);
    if (error == ERROR_NONE) {
        session->in_transaction = false;
    }
    session_rollback(session);
    return error;
}

/* To whoever reads, it is all the same why the database cannot be read now. */
static enum error tell(enum error error, struct failure *failure) {
    if (error == ERROR_RETRY || error == ERROR_UNKNOWN) {
        error = ERROR_UNAVAILABLE;
    }
    if (failure != NULL) {
        failure->error = error;
    }
    return error;
}

enum error postgres_read(struct postgres_reader *reader, const struct reading *reading,
                         struct snapshot *snapshot, void *context, struct failure *failure) {
    struct session *session = &reader->session;
    snapshot->session = session;
    bool was_connected = session->connection != NULL;
    enum error error = session_connect(session, failure);
    if (error == ERROR_NONE) {
        error = attempt(reader, reading, snapshot, context, failure);
        /* The connection may have been dead since long ago: a read does no harm twice. */
        bool again = error != ERROR_NONE && was_connected && session->connection == NULL &&
                     monotonic_us() < session->deadline_us;
        if (again) {
            error = session_connect(session, failure);
            error =
                error == ERROR_NONE ? attempt(reader, reading, snapshot, context, failure) : error;
        }
    }
    if (error != ERROR_NONE) {
        return tell(error, failure);
    }
    if (snapshot->fault != NULL) {
        return failure_set(failure, ERROR_CORRUPT, "the database: a row cannot be read: %s",
                           snapshot->fault);
    }
    if (snapshot->spent) {
        return failure_set(failure, ERROR_MEMORY, "the memory for an answer is spent");
    }
    return snapshot->missing ? failure_set(failure, ERROR_NOT_FOUND, "there is no such row")
                             : ERROR_NONE;
}

struct cells snapshot_take(struct snapshot *snapshot, enum query query, int *rows) {
    struct cells cells = {.result = session_take(snapshot->session, query),
                          .arena = snapshot->arena};
    *rows = cells.result == NULL ? 0 : PQntuples(cells.result);
    return cells;
}

struct cells *snapshot_row(struct cells *cells, int row) {
    cells->row = row;
    cells->fault = NULL;
    cells->spent = false;
    return cells;
}

bool snapshot_judge(struct snapshot *snapshot, const struct cells *cells) {
    snapshot->spent |= cells->spent;
    if (snapshot->fault == NULL && !cells->spent) {
        snapshot->fault = cells->fault;
    }
    return cells->fault == NULL && !cells->spent;
}

/* --- one row by its id -------------------------------------------------------- */

/* Exactly one kind of row: where it is not NULL. */
struct one {
    enum query query;
    struct uuid id;
    struct venue *venue;
    struct event *event;
    struct reservation *reservation;
    struct type_reading *type;
};

static void send_one(struct session *session, const void *context) {
    const struct one *one = context;
    give_uuid(session_parameters(session), 1, one->id);
    session_send(session, one->query);
}

static void take_one(struct snapshot *snapshot, void *context) {
    struct one *one = context;
    int rows;
    struct cells cells = snapshot_take(snapshot, one->query, &rows);
    snapshot->missing = rows == 0;
    if (rows == 0) {
        return;
    }
    if (one->venue != NULL) {
        *one->venue = cells_venue(&cells, 0);
    } else if (one->event != NULL) {
        *one->event = cells_event(&cells, 0);
    } else if (one->reservation != NULL) {
        *one->reservation = cells_reservation(&cells, 0);
    } else {
        *one->type = row_type_reading(&cells);
    }
    (void)snapshot_judge(snapshot, &cells);
}

static enum error read_one(struct store_reader *port, struct one *one, struct arena *arena,
                           struct instant *now, struct failure *failure) {
    static const struct reading reading = {send_one, take_one};
    struct snapshot snapshot = {.arena = arena, .now = INSTANT_NONE};
    enum error error = postgres_read(postgres_reader(port), &reading, &snapshot, one, failure);
    *now = snapshot.now;
    return error;
}

static enum error read_one_venue(struct store_reader *port, struct uuid id, struct arena *arena,
                                 struct venue *venue, struct failure *failure) {
    struct venue found;
    struct instant now;
    struct one one = {.query = QUERY_venue, .id = id, .venue = &found};
    enum error error = read_one(port, &one, arena, &now, failure);
    if (error == ERROR_NONE) {
        *venue = found;
    }
    return error;
}

static enum error read_one_event(struct store_reader *port, struct uuid id, struct arena *arena,
                                 struct event *event, struct failure *failure) {
    struct event found;
    struct instant now;
    struct one one = {.query = QUERY_event, .id = id, .event = &found};
    enum error error = read_one(port, &one, arena, &now, failure);
    if (error == ERROR_NONE) {
        *event = found;
    }
    return error;
}

static enum error read_one_reservation(struct store_reader *port, struct uuid id,
                                       struct arena *arena, struct reservation *reservation,
                                       struct instant *as_of, struct failure *failure) {
    struct reservation found;
    struct instant now;
    struct one one = {.query = QUERY_reservation, .id = id, .reservation = &found};
    enum error error = read_one(port, &one, arena, &now, failure);
    if (error == ERROR_NONE) {
        *reservation = found;
        *as_of = now;
    }
    return error;
}

struct type_reading row_type_reading(struct cells *cells) {
    enum { PUBLISHED = TYPE_COLUMNS, ARCHIVED_AT, CURRENCY, VERSION, DUE, NEXT_EXPIRY_AT, AS_OF };
    struct type_reading reading = {
        .row = cells_type(cells, 0),
        .as_of = cell_instant(cells, AS_OF),
        .next_expiry_at = cell_instant_or_none(cells, NEXT_EXPIRY_AT),
        .currency = {"XXX"},
    };
    int64_t due = cell_integer(cells, DUE, 0, INT64_MAX);
    int64_t reserved = reading.row.counts.reserved;
    reading.row.counts.reserved = (int32_t)(due < reserved ? reserved - due : 0);
    if (cell_is_null(cells, PUBLISHED)) {
        cells_blame(cells, "a ticket type's event is missing");
        return reading;
    }
    reading.event_is_public = cell_bool(cells, PUBLISHED) && cell_is_null(cells, ARCHIVED_AT);
    reading.currency = cells_currency(cells, CURRENCY);
    reading.event_version = cell_integer(cells, VERSION, 1, INT64_MAX);
    return reading;
}

static enum error read_one_type(struct store_reader *port, struct uuid id, struct arena *arena,
                                struct type_reading *type, struct failure *failure) {
    struct type_reading found;
    struct instant now;
    struct one one = {.query = QUERY_type_reading, .id = id, .type = &found};
    enum error error = read_one(port, &one, arena, &now, failure);
    if (error == ERROR_NONE) {
        *type = found;
    }
    return error;
}

/* --- a cart and its lines ----------------------------------------------------- */

struct whole_cart {
    struct uuid id;
    struct cart cart;
    struct page lines;
};

static void send_cart(struct session *session, const void *context) {
    const struct whole_cart *whole = context;
    give_uuid(session_parameters(session), 1, whole->id);
    session_send(session, QUERY_cart);
    give_uuids(session_parameters(session), 1, &whole->id, 1);
    session_send(session, QUERY_cart_lines);
}

static void take_lines(struct snapshot *snapshot, struct whole_cart *whole) {
    int rows;
    struct cells cells = snapshot_take(snapshot, QUERY_cart_lines, &rows);
    struct reservation *lines = arena_array(snapshot->arena, struct reservation, (size_t)rows);
    snapshot->spent |= lines == NULL;
    whole->lines.rows = lines;
    for (int i = 0; lines != NULL && i < rows; i++) {
        struct reservation *line = &lines[whole->lines.count];
        *line = cells_reservation(snapshot_row(&cells, i), 0);
        if (!snapshot_judge(snapshot, &cells)) {
            return;
        }
        whole->lines.count += cart_shows_line(&whole->cart, line) ? 1 : 0;
    }
}

static void take_cart(struct snapshot *snapshot, void *context) {
    struct whole_cart *whole = context;
    int rows;
    struct cells cells = snapshot_take(snapshot, QUERY_cart, &rows);
    snapshot->missing = rows == 0;
    whole->lines = (struct page){.as_of = snapshot->now};
    if (rows > 0) {
        whole->cart = cells_cart(&cells, 0);
        if (snapshot_judge(snapshot, &cells)) {
            take_lines(snapshot, whole);
        }
    }
}

static enum error read_one_cart(struct store_reader *port, struct uuid id, struct arena *arena,
                                struct cart *cart, struct page *lines, struct failure *failure) {
    static const struct reading reading = {send_cart, take_cart};
    struct snapshot snapshot = {.arena = arena, .now = INSTANT_NONE};
    struct whole_cart whole = {.id = id};
    enum error error = postgres_read(postgres_reader(port), &reading, &snapshot, &whole, failure);
    if (error == ERROR_NONE) {
        *cart = whole.cart;
        *lines = whole.lines;
    }
    return error;
}

/* --- the port ----------------------------------------------------------------- */

static void close_reader(struct store_reader *port) {
    struct postgres_reader *reader = postgres_reader(port);
    session_finish(&reader->session);
    free(reader);
}

static const struct store_reader_operations operations = {
    .close = close_reader,
    .venue = read_one_venue,
    .venues = postgres_list_venues,
    .event = read_one_event,
    .events = postgres_list_events,
    .type = read_one_type,
    .types = postgres_list_types,
    .inventory = postgres_read_inventory,
    .reservation = read_one_reservation,
    .cart = read_one_cart,
    .reservations = postgres_list_reservations,
    .sales = postgres_list_sales,
    .audit_log = postgres_list_audit_log,
    .history = postgres_read_history,
    .histories = postgres_read_histories,
    .entries = postgres_read_entries,
    .entries_of = postgres_read_entries_of,
    .sums = postgres_read_sums,
    .shifts = postgres_list_shifts,
    .shift_sums = postgres_read_shift_sums,
    .api_keys = postgres_list_api_keys,
    .staff = postgres_list_staff,
    .sessions = postgres_list_sessions,
    .due_types = postgres_list_due_types,
    .type_heads = postgres_list_type_heads,
    .sold = postgres_read_sold,
    .adjusted = postgres_read_adjusted,
};

/* Connects when it is first asked. */
enum error postgres_open_reader(struct store *port, struct store_reader **reader,
                                struct failure *failure) {
    struct postgres_store *store = (struct postgres_store *)port;
    struct postgres_reader *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return failure_set(failure, ERROR_MEMORY, "no memory for a reader");
    }
    *made = (struct postgres_reader){.port.operations = &operations, .store = store};
    session_init(&made->session, &store->address, &store->queries);
    *reader = &made->port;
    return ERROR_NONE;
}
