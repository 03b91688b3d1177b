/* Shifts and what they have counted: in a batch, and as a list. */
#include "store/paging.h"
#include "store/sqlite/reader.h"
#include "store/sqlite/row.h"
#include "store/sqlite/writer.h"

/* --- in a batch ----------------------------------------------------------------- */

static int load_totals(struct connection *connection, struct world *world,
                       struct world_shift *shift) {
    int result;
    SCOPED_STATEMENT *statement = connection_statement(connection, STATEMENT_shift_totals, &result);
    if (statement == NULL) {
        return result;
    }
    bind_uuid(statement, 1, &shift->row.id);
    bool row;
    while ((result = statement_step(statement, &row)) == SQLITE_OK && row) {
        struct columns columns = {.statement = statement, .arena = world->arena};
        struct shift_total total = read_shift_total(&columns, 0);
        if (columns.spent || world_add_shift_total(world, shift, &total) == NULL) {
            return RESULT_ARENA_SPENT;
        }
        shift->fault = shift->fault == NULL ? columns.fault : shift->fault;
    }
    return result;
}

static int load_shift(struct connection *connection, struct world *world, enum statement name,
                      const struct uuid *id) {
    int result;
    SCOPED_STATEMENT *statement = connection_statement(connection, name, &result);
    if (statement == NULL) {
        return result;
    }
    bind_uuid(statement, 1, id);
    bool row;
    result = statement_step(statement, &row);
    if (result != SQLITE_OK || !row) {
        return result;
    }
    struct columns columns = {.statement = statement, .arena = world->arena};
    struct shift read = read_shift(&columns);
    struct world_shift *shift = columns.spent ? NULL : world_add_shift(world, &read);
    if (shift == NULL) {
        return RESULT_ARENA_SPENT;
    }
    shift->fault = columns.fault;
    return load_totals(connection, world, shift);
}

int load_shifts(struct connection *connection, const struct keys *keys, struct world *world) {
    int result = SQLITE_OK;
    for (size_t i = 0; result == SQLITE_OK && i < keys->shifts.count; i++) {
        result = load_shift(connection, world, STATEMENT_shift, &keys->shifts.list[i]);
    }
    for (size_t i = 0; result == SQLITE_OK && i < keys->operators.count; i++) {
        result = load_shift(connection, world, STATEMENT_open_shift, &keys->operators.list[i]);
    }
    return result;
}

static int write_totals(struct connection *connection, const struct world_shift *shift) {
    int result = SQLITE_OK;
    for (const struct world_shift_total *total = shift->totals;
         result == SQLITE_OK && total != NULL; total = total->next) {
        if (total->state == ROW_LOADED) {
            continue;
        }
        sqlite3_stmt *statement =
            connection_statement(connection, STATEMENT_put_shift_total, &result);
        if (statement != NULL) {
            struct text tender = total->row.tender;
            bind_uuid(statement, 1, &shift->row.id);
            bind_text(statement, 2, text_is_absent(tender) ? TEXT("") : tender);
            bind_integer(statement, 3, total->row.sales);
            bind_integer(statement, 4, total->row.tickets_sold);
            bind_integer(statement, 5, total->row.tickets_refunded);
            bind_integer(statement, 6, total->row.gross);
            bind_integer(statement, 7, total->row.refunds);
            result = statement_finish(statement);
        }
    }
    return result;
}

/* A shift that was closed meanwhile is not found: the world is not as it was read. */
static int write_shift(struct connection *connection, const struct world_shift *shift) {
    int result;
    bool is_new = shift->state == ROW_NEW;
    sqlite3_stmt *statement = connection_statement(
        connection, is_new ? STATEMENT_insert_shift : STATEMENT_close_shift, &result);
    if (statement == NULL) {
        return result;
    }
    bind_shift(statement, &shift->row);
    result = statement_finish(statement);
    bool found = result != SQLITE_OK || sqlite3_changes(connection->database) == 1;
    return found ? result : RESULT_WORLD_CHANGED;
}

int write_shifts(struct connection *connection, const struct world *world) {
    int result = SQLITE_OK;
    for (const struct world_shift *shift = world->shifts; result == SQLITE_OK && shift != NULL;
         shift = shift->next) {
        result = shift->state == ROW_LOADED ? SQLITE_OK : write_shift(connection, shift);
        result = result == SQLITE_OK ? write_totals(connection, shift) : result;
    }
    return result;
}

/* --- the list ------------------------------------------------------------------- */

/* Ids that are looked at, both ends included, but for `after`. They stay bound until the last row.
 */
struct id_range {
    struct uuid low, high, after;
};

static struct id_range range_of(const struct list_query *query) {
    struct uuid id = query->filter.shift_id;
    struct id_range range = {id, uuid_is_none(id) ? POSITION_TOP.id : id, UUID_NONE};
    if (query->after.set) {
        range.after = query->after.id;
        range.high = uuid_compare(range.after, range.high) < 0 ? range.after : range.high;
    }
    return range;
}

static void bind_filter(sqlite3_stmt *statement, const struct id_range *range,
                        const struct list_query *query) {
    const struct list_filter *filter = &query->filter;
    bind_bytes(statement, 1, range->low.bytes, sizeof range->low);
    bind_bytes(statement, 2, range->high.bytes, sizeof range->high);
    bind_bytes(statement, 3, range->after.bytes, sizeof range->after);
    if (filter->actor.kind == 0) {
        sqlite3_bind_null(statement, 4);
    } else { /* the system, whose id is zero, has none */
        bind_bytes(statement, 4, filter->actor.id.bytes, sizeof filter->actor.id);
    }
    bind_uuid(statement, 5, &filter->own_actor);
    bind_instant(statement, 6, filter->from);
    bind_instant(statement, 7, filter->to);
    bind_integer(statement, 8, (int64_t)query->limit + 1);
    if (filter->shifts != SHIFTS_OPEN) {
        bind_integer(statement, 9, filter->shifts == SHIFTS_CLOSED);
    }
}

/* A shift being put together: its rows come one after the other. */
struct gathering {
    struct sqlite_reader *reader;
    struct arena *arena;
    size_t limit;
    struct shift_reading *list;
    struct shift_total *totals; /* of the last one */
    size_t count;
    bool has_more;
};

static int gather_shift(struct gathering *gathering, sqlite3_stmt *statement) {
    struct columns columns = {.statement = statement, .arena = gathering->arena};
    struct shift row = read_shift(&columns);
    int result = reader_judge(gathering->reader, &columns);
    if (result != SQLITE_OK) {
        return result;
    }
    gathering->totals = arena_array(gathering->arena, struct shift_total, SHIFT_TENDERS_MAX);
    gathering->list[gathering->count++] =
        (struct shift_reading){.row = row, .totals = gathering->totals};
    return gathering->totals == NULL ? RESULT_ARENA_SPENT : SQLITE_OK;
}

static bool is_of_last(const struct gathering *gathering, sqlite3_stmt *statement) {
    struct columns columns = {.statement = statement};
    return gathering->count > 0 &&
           uuid_equals(column_uuid(&columns, 0), gathering->list[gathering->count - 1].row.id);
}

static int gather(struct gathering *gathering, sqlite3_stmt *statement) {
    if (!is_of_last(gathering, statement)) {
        gathering->has_more = gathering->count == gathering->limit;
        int result = gathering->has_more ? SQLITE_OK : gather_shift(gathering, statement);
        if (result != SQLITE_OK || gathering->has_more) {
            return result;
        }
    }
    struct shift_reading *last = &gathering->list[gathering->count - 1];
    if (sqlite3_column_type(statement, SHIFT_COLUMNS) == SQLITE_NULL ||
        last->totals_count == SHIFT_TENDERS_MAX) {
        return SQLITE_OK;
    }
    struct columns columns = {.statement = statement, .arena = gathering->arena};
    gathering->totals[last->totals_count++] = read_shift_total(&columns, SHIFT_COLUMNS);
    return reader_judge(gathering->reader, &columns);
}

static int gather_all(struct gathering *gathering, const struct list_query *query) {
    int result;
    bool open = query->filter.shifts == SHIFTS_OPEN;
    SCOPED_STATEMENT *statement = connection_statement(
        &gathering->reader->connection, open ? STATEMENT_shifts_open : STATEMENT_shifts, &result);
    if (statement == NULL) {
        return result;
    }
    struct id_range range = range_of(query);
    bind_filter(statement, &range, query);
    bool row;
    while ((result = statement_step(statement, &row)) == SQLITE_OK && row && !gathering->has_more) {
        result = gather(gathering, statement);
        if (result != SQLITE_OK) {
            break;
        }
    }
    return result;
}

enum error sqlite_list_shifts(struct store_reader *port, const struct list_query *query,
                              struct arena *arena, struct page *page, struct failure *failure) {
    struct gathering gathering = {
        .reader = sqlite_reader(port),
        .arena = arena,
        .limit = query->limit,
        .list = arena_array(arena, struct shift_reading, query->limit),
    };
    struct page read = {.rows = gathering.list};
    int result = reader_begin(gathering.reader, &read.as_of);
    result = result == SQLITE_OK && gathering.list == NULL ? RESULT_ARENA_SPENT : result;
    result = result == SQLITE_OK ? gather_all(&gathering, query) : result;
    read.count = gathering.count;
    if (gathering.has_more) {
        read.next = (struct list_position){
            .set = true, .at = INSTANT_NONE, .id = gathering.list[gathering.count - 1].row.id};
    }
    enum error error = reader_end(gathering.reader, result, failure);
    if (error == ERROR_NONE) {
        *page = read;
    }
    return error;
}

/* --- what verify compares --------------------------------------------------------- */

static int gather_sums(struct sqlite_reader *reader, const struct uuid *id, struct arena *arena,
                       struct shift_sums *sums) {
    int result;
    SCOPED_STATEMENT *statement =
        connection_statement(&reader->connection, STATEMENT_shift_sums, &result);
    if (statement == NULL) {
        return result;
    }
    bind_uuid(statement, 1, id);
    bind_integer(statement, 2, 2 * SHIFT_TENDERS_MAX);
    bool row;
    while ((result = statement_step(statement, &row)) == SQLITE_OK && row) {
        struct columns columns = {.statement = statement, .arena = arena};
        struct shift_total total = read_shift_total(&columns, 0);
        shift_sums_add(sums, column_integer(&columns, SHIFT_TOTAL_COLUMNS, 0, 1) == 1, &total);
        result = reader_judge(reader, &columns);
        if (result != SQLITE_OK) {
            break;
        }
    }
    return result;
}

enum error sqlite_read_shift_sums(struct store_reader *port, struct uuid shift_id,
                                  struct arena *arena, struct shift_sums *sums,
                                  struct failure *failure) {
    struct sqlite_reader *reader = sqlite_reader(port);
    struct shift_sums found = {.kept_count = 0};
    struct instant now;
    int result = reader_begin(reader, &now);
    result = result == SQLITE_OK ? gather_sums(reader, &shift_id, arena, &found) : result;
    enum error error = reader_end(reader, result, failure);
    if (error == ERROR_NONE) {
        *sums = found;
    }
    return error;
}
