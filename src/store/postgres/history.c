/* What the counts of a ticket type were, and what its reservations add up to. */
#include "domain/limits.h"
#include "store/postgres/reader.h"

enum { SUMS_MS = 20000 }; /* a type with many million sales, once in a while, by verify */

struct past {
    struct uuid type;
    const struct instant *ats;
    size_t count;
    struct history *histories;
};

static void send_history(struct session *session, const void *context) {
    const struct past *past = context;
    give_uuid(session_parameters(session), 1, past->type);
    for (size_t i = 0; i < past->count; i++) {
        put_instant(session_parameters(session), 2, past->ats[i]);
    }
    session_send(session, QUERY_history);
}

static void read_counts(struct cells *cells, struct history *history) {
    enum { SEQ = 1, TOTAL, SOLD, RESERVED, EXPIRED };
    history->seq = cell_integer(cells, SEQ, 0, INT64_MAX);
    history->expired_unwritten = cell_integer(cells, EXPIRED, 0, INT64_MAX);
    if (history->seq != 0) {
        history->counts = (struct counts){
            .total = (int32_t)cell_integer(cells, TOTAL, 0, COUNT_MAX),
            .sold = (int32_t)cell_integer(cells, SOLD, 0, COUNT_MAX),
            .reserved = (int32_t)cell_integer(cells, RESERVED, 0, COUNT_MAX),
        };
    }
    int64_t reserved = history->counts.reserved;
    if (history->expired_unwritten > reserved) {
        history->expired_unwritten = reserved; /* a damaged log: verify says how */
    }
    history->counts.reserved = (int32_t)(reserved - history->expired_unwritten);
}

static void take_history(struct snapshot *snapshot, void *context) {
    struct past *past = context;
    int rows;
    struct cells cells = snapshot_take(snapshot, QUERY_history, &rows);
    snapshot->missing = rows == 0;
    for (size_t i = 0; i < past->count && (int)i < rows; i++) {
        struct history *history = &past->histories[i];
        snapshot_row(&cells, (int)i);
        *history = (struct history){.known = false};
        if (!instant_before(past->ats[i], cell_instant(&cells, 0))) {
            history->known = true;
            read_counts(&cells, history);
        }
        if (!snapshot_judge(snapshot, &cells)) {
            return;
        }
    }
}

enum error postgres_read_histories(struct store_reader *port, struct uuid ticket_type_id,
                                   const struct instant *ats, size_t count, struct arena *arena,
                                   struct history *histories, struct failure *failure) {
    static const struct reading reading = {send_history, take_history};
    struct snapshot snapshot = {.arena = arena, .now = INSTANT_NONE};
    struct past past = {.type = ticket_type_id, .ats = ats, .count = count, .histories = histories};
    return postgres_read(postgres_reader(port), &reading, &snapshot, &past, failure);
}

enum error postgres_read_history(struct store_reader *port, struct uuid ticket_type_id,
                                 struct instant at, struct arena *arena, struct history *history,
                                 struct failure *failure) {
    struct history found = {.known = false};
    enum error error =
        postgres_read_histories(port, ticket_type_id, &at, 1, arena, &found, failure);
    if (error == ERROR_NONE) {
        *history = found;
    }
    return error;
}

struct summed {
    struct uuid type;
    struct type_sums sums;
};

static void send_sums(struct session *session, const void *context) {
    give_uuid(session_parameters(session), 1, ((const struct summed *)context)->type);
    session_send(session, QUERY_type_sums);
}

static void take_sums(struct snapshot *snapshot, void *context) {
    struct summed *summed = context;
    int rows;
    struct cells cells = snapshot_take(snapshot, QUERY_type_sums, &rows);
    snapshot->missing = rows == 0;
    if (rows > 0) {
        summed->sums = (struct type_sums){
            .row = cells_type(&cells, 0),
            .active_quantity = cell_integer(&cells, TYPE_COLUMNS, INT64_MIN, INT64_MAX),
            .active_count = cell_integer(&cells, TYPE_COLUMNS + 1, 0, INT64_MAX),
            .sold_quantity = cell_integer(&cells, TYPE_COLUMNS + 2, INT64_MIN, INT64_MAX),
        };
        (void)snapshot_judge(snapshot, &cells);
    }
}

enum error postgres_read_sums(struct store_reader *port, struct uuid ticket_type_id,
                              struct arena *arena, struct type_sums *sums,
                              struct failure *failure) {
    static const struct reading reading = {send_sums, take_sums};
    struct snapshot snapshot = {.arena = arena, .now = INSTANT_NONE, .limit_ms = SUMS_MS};
    struct summed summed = {.type = ticket_type_id};
    enum error error = postgres_read(postgres_reader(port), &reading, &snapshot, &summed, failure);
    if (error == ERROR_NONE) {
        *sums = summed.sums;
    }
    return error;
}
