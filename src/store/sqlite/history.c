/* What the counts of a ticket type were, and what its reservations add up to. */
#include "store/sqlite/listing.h"

enum { SUMS_US = 20000000 }; /* a type with many million sales, once in a while, by verify */

/* The first entry at or above `seq`: its own seq and time. */
static int entry_from(struct sqlite_reader *reader, const struct uuid *type, int64_t seq,
                      int64_t *found, struct instant *created_at) {
    int result;
    SCOPED_STATEMENT *statement =
        connection_statement(&reader->connection, STATEMENT_log_from_seq, &result);
    if (statement == NULL) {
        return result;
    }
    bind_uuid(statement, 1, type);
    bind_integer(statement, 2, seq);
    bool row;
    result = statement_step(statement, &row);
    if (result != SQLITE_OK || !row) {
        return result == SQLITE_OK ? RESULT_NOT_FOUND : result;
    }
    struct columns columns = {.statement = statement};
    *found = column_integer(&columns, 0, 1, INT64_MAX);
    *created_at = column_instant(&columns, 1);
    return reader_judge(reader, &columns);
}

static int newest_seq(struct sqlite_reader *reader, const struct uuid *type, int64_t *seq) {
    SCOPED_STATEMENT *statement = NULL;
    int result = reader_find(reader, STATEMENT_type_log_head, type, &statement);
    *seq = result == SQLITE_OK ? sqlite3_column_int64(statement, 0) : 0;
    return result == RESULT_NOT_FOUND ? SQLITE_OK : result;
}

int reader_seq_at(struct sqlite_reader *reader, struct uuid ticket_type_id, struct instant at,
                  int64_t *seq) {
    int64_t low = 0; /* created by then, or none */
    int64_t high = 0;
    int result = newest_seq(reader, &ticket_type_id, &high);
    while (result == SQLITE_OK && low < high) {
        int64_t middle = low + (high - low + 1) / 2;
        int64_t found = 0;
        struct instant created_at = INSTANT_NONE;
        result = entry_from(reader, &ticket_type_id, middle, &found, &created_at);
        if (result == RESULT_NOT_FOUND || (result == SQLITE_OK && instant_before(at, created_at))) {
            high = middle - 1;
            result = SQLITE_OK;
        } else {
            low = found; /* at least middle: a log with a gap is searched, too */
        }
    }
    *seq = low;
    return result;
}

/* Entries of the type above `seq`, oldest first. */
static int entries_above(struct sqlite_reader *reader, const struct uuid *type, int64_t seq,
                         sqlite3_stmt **statement) {
    int result;
    *statement = connection_statement(&reader->connection, STATEMENT_entries, &result);
    if (*statement != NULL) {
        bind_uuid(*statement, 1, type);
        bind_integer(*statement, 2, seq);
    }
    return result;
}

static int read_counts(struct sqlite_reader *reader, const struct uuid *type,
                       struct history *history) {
    if (history->seq == 0) {
        return SQLITE_OK;
    }
    SCOPED_STATEMENT *statement = NULL;
    int result = entries_above(reader, type, history->seq - 1, &statement);
    bool row;
    result = result == SQLITE_OK ? statement_step(statement, &row) : result;
    if (result == SQLITE_OK) {
        struct columns columns = {.statement = statement};
        history->counts = read_entry(&columns).now;
        result = reader_judge(reader, &columns);
    }
    return result;
}

/* Expiries effective by `at` in entries written later. The first batch after `at` that touches the
 * type begins with them, so that the first entry of another kind ends the search. */
static int add_written_later(struct sqlite_reader *reader, const struct uuid *type,
                             struct instant at, struct history *history) {
    SCOPED_STATEMENT *statement = NULL;
    int result = entries_above(reader, type, history->seq, &statement);
    bool row = true;
    while (result == SQLITE_OK && (result = statement_step(statement, &row)) == SQLITE_OK && row) {
        struct columns columns = {.statement = statement};
        struct audit_entry entry = read_entry(&columns);
        result = reader_judge(reader, &columns);
        if (instant_is_none(entry.effective_at)) {
            break;
        }
        if (result == SQLITE_OK && !instant_before(at, entry.effective_at)) {
            history->expired_unwritten += entry.quantity;
        }
    }
    return result;
}

static int add_not_yet_written(struct sqlite_reader *reader, const struct uuid *type,
                               struct instant at, struct history *history) {
    int result;
    SCOPED_STATEMENT *statement =
        connection_statement(&reader->connection, STATEMENT_type_due, &result);
    if (statement == NULL) {
        return result;
    }
    bind_uuid(statement, 1, type);
    bind_instant(statement, 2, at);
    bool row;
    result = statement_step(statement, &row);
    if (result == SQLITE_OK) {
        history->expired_unwritten += sqlite3_column_int64(statement, 0);
    }
    return result;
}

static int read_born(struct sqlite_reader *reader, const struct uuid *type,
                     struct instant *created_at) {
    SCOPED_STATEMENT *statement = NULL;
    int result = reader_find(reader, STATEMENT_type, type, &statement);
    if (result == SQLITE_OK) {
        struct columns columns = {.statement = statement};
        *created_at = read_type(&columns).created_at;
        result = reader_judge(reader, &columns);
    }
    return result;
}

static int history_at(struct sqlite_reader *reader, const struct uuid *type, struct instant at,
                      struct instant now, struct history *history) {
    struct instant created_at = INSTANT_NONE;
    int result = read_born(reader, type, &created_at);
    if (result != SQLITE_OK || instant_before(at, created_at)) {
        return result;
    }
    history->known = true;
    result = reader_seq_at(reader, *type, at, &history->seq);
    result = result == SQLITE_OK ? read_counts(reader, type, history) : result;
    result = result == SQLITE_OK ? add_written_later(reader, type, at, history) : result;
    struct instant due_by = instant_before(at, now) ? at : now;
    result = result == SQLITE_OK ? add_not_yet_written(reader, type, due_by, history) : result;
    int64_t reserved = history->counts.reserved;
    if (history->expired_unwritten > reserved) {
        history->expired_unwritten = reserved; /* a damaged log: verify says how */
    }
    history->counts.reserved = (int32_t)(reserved - history->expired_unwritten);
    return result;
}

enum error sqlite_read_history(struct store_reader *port, struct uuid ticket_type_id,
                               struct instant at, struct arena *arena, struct history *history,
                               struct failure *failure) {
    (void)arena; /* no texts */
    struct sqlite_reader *reader = sqlite_reader(port);
    struct history found = {.known = false};
    struct instant now;
    int result = reader_begin(reader, &now);
    result = result == SQLITE_OK ? history_at(reader, &ticket_type_id, at, now, &found) : result;
    enum error error = reader_end(reader, result, failure);
    if (error == ERROR_NONE) {
        *history = found;
    }
    return error;
}

static int read_sums(struct sqlite_reader *reader, const struct uuid *type, struct arena *arena,
                     struct type_sums *sums) {
    {
        SCOPED_STATEMENT *statement = NULL;
        int result = reader_find(reader, STATEMENT_type, type, &statement);
        if (result != SQLITE_OK) {
            return result;
        }
        struct columns columns = {.statement = statement, .arena = arena};
        sums->row = read_type(&columns);
        result = reader_judge(reader, &columns);
        if (result != SQLITE_OK) {
            return result;
        }
    }
    SCOPED_STATEMENT *statement = NULL;
    int result = reader_find(reader, STATEMENT_type_sums, type, &statement);
    if (result == SQLITE_OK) {
        sums->active_quantity = sqlite3_column_int64(statement, 0);
        sums->active_count = sqlite3_column_int64(statement, 1);
        sums->sold_quantity = sqlite3_column_int64(statement, 2);
    }
    return result;
}

enum error sqlite_read_sums(struct store_reader *port, struct uuid ticket_type_id,
                            struct arena *arena, struct type_sums *sums, struct failure *failure) {
    struct sqlite_reader *reader = sqlite_reader(port);
    struct type_sums found = {.active_count = 0};
    struct instant now;
    int result = reader_begin(reader, &now);
    reader->connection.deadline_us = monotonic_us() + SUMS_US;
    result = result == SQLITE_OK ? read_sums(reader, &ticket_type_id, arena, &found) : result;
    enum error error = reader_end(reader, result, failure);
    if (error == ERROR_NONE) {
        *sums = found;
    }
    return error;
}
