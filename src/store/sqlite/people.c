#include "store/sqlite/people.h"

#include "base/log.h"
#include "domain/limits.h"
#include "store/sqlite/result.h"

/* --- rows ------------------------------------------------------------------- */

static int hex_digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Ids in hexadecimal digits, one behind the other; NULL: none. */
static void read_events(struct columns *c, int column, struct staff *staff) {
    struct text hex = column_text_or_none(c, column);
    size_t count = hex.length / 32;
    struct uuid *events = arena_array(c->arena, struct uuid, count);
    c->spent |= events == NULL;
    if (c->spent || count == 0) {
        return;
    }
    for (size_t i = 0; i < count * 16; i++) {
        int high = hex_digit(hex.bytes[2 * i]), low = hex_digit(hex.bytes[2 * i + 1]);
        events[i / 16].bytes[i % 16] = (uint8_t)(high * 16 + low);
    }
    if (hex.length % 32 != 0) {
        columns_blame(c, "the events of a member of staff are not whole ids");
    }
    staff->events = events;
    staff->events_count = count;
}

static struct staff read_staff(struct columns *c) {
    struct staff staff = {
        .id = column_uuid(c, 0),
        .email = column_text(c, 1),
        .name = column_text(c, 2),
        .password_hash = column_text_or_none(c, 3),
        .created_at = column_instant(c, 4),
        .updated_at = column_instant(c, 5),
        .disabled_at = column_instant_or_none(c, 6),
        .version = column_integer(c, 7, 1, INT64_MAX),
        .last_seen_at = column_instant_or_none(c, 10),
    };
    if (!role_parse(column_text(c, 8), &staff.role)) {
        columns_blame(c, "a role is unknown");
    }
    read_events(c, 9, &staff);
    return staff;
}

static struct staff_session read_session(struct columns *c) {
    return (struct staff_session){
        .id = column_uuid(c, 0),
        .staff_id = column_uuid(c, 1),
        .created_at = column_instant(c, 2),
        .last_seen_at = column_instant(c, 3),
        .expires_at = column_instant(c, 4),
    };
}

/* --- load -------------------------------------------------------------------- */

/* One that cannot be read is as good as lost: it must not be written back. */
static int take_staff(struct world *world, sqlite3_stmt *statement) {
    struct columns columns = {.statement = statement, .arena = world->arena};
    struct staff staff = read_staff(&columns);
    bool fits = !columns.spent && (columns.fault != NULL || world_add_staff(world, &staff) != NULL);
    return fits ? SQLITE_OK : RESULT_ARENA_SPENT;
}

static int take_session(struct world *world, sqlite3_stmt *statement) {
    struct columns columns = {.statement = statement, .arena = world->arena};
    struct staff_session session = read_session(&columns);
    bool fits = columns.fault != NULL || world_add_session(world, &session) != NULL;
    return fits ? SQLITE_OK : RESULT_ARENA_SPENT;
}

/* Every row that the statement finds for `id`. */
static int load_rows(struct connection *connection, enum statement name, const struct uuid *id,
                     struct world *world, int (*take)(struct world *, sqlite3_stmt *)) {
    int result;
    bool row = true;
    SCOPED_STATEMENT *statement = connection_statement(connection, name, &result);
    if (statement == NULL) {
        return result;
    }
    bind_bytes(statement, 1, id->bytes, sizeof id->bytes); /* none is not NULL here */
    if (name == STATEMENT_sessions_of_staff) {
        bind_instant(statement, 2, world->now);
    }
    result = statement_step(statement, &row);
    while (result == SQLITE_OK && row) {
        result = take(world, statement);
        result = result == SQLITE_OK ? statement_step(statement, &row) : result;
    }
    return result;
}

int load_people(struct connection *connection, const struct keys *keys, struct world *world) {
    int result = SQLITE_OK;
    if (keys->all_staff) {
        result = load_rows(connection, STATEMENT_staff, &UUID_NONE, world, take_staff);
    }
    for (size_t i = 0; result == SQLITE_OK && i < keys->staff.count; i++) {
        const struct uuid *id = &keys->staff.list[i];
        if (!keys->all_staff) {
            result = load_rows(connection, STATEMENT_staff, id, world, take_staff);
        }
        if (result == SQLITE_OK) {
            result = load_rows(connection, STATEMENT_sessions_of_staff, id, world, take_session);
        }
    }
    return result;
}

/* --- persist ------------------------------------------------------------------ */

/* The row must have been there, or not have been: the world is as it was read. */
static int write_row(struct connection *connection, sqlite3_stmt *statement) {
    int result = statement_finish(statement);
    bool is_one = sqlite3_changes(connection->database) == 1;
    return result == SQLITE_OK && !is_one ? RESULT_WORLD_CHANGED : result;
}

static int write_role(struct connection *connection, const struct staff *staff,
                      const struct uuid *event_id) {
    int result;
    sqlite3_stmt *statement =
        connection_statement(connection, STATEMENT_insert_staff_role, &result);
    if (statement != NULL) {
        bind_uuid(statement, 1, &staff->id);
        bind_text(statement, 2, role_name(staff->role));
        bind_uuid(statement, 3, event_id);
        bind_instant(statement, 4, staff->updated_at);
        result = write_row(connection, statement);
    }
    return result;
}

static int write_roles(struct connection *connection, const struct staff *staff) {
    int result;
    sqlite3_stmt *statement =
        connection_statement(connection, STATEMENT_delete_staff_roles, &result);
    if (statement != NULL) {
        bind_uuid(statement, 1, &staff->id);
        result = statement_finish(statement);
    }
    if (result == SQLITE_OK && staff->events_count == 0) {
        result = write_role(connection, staff, &UUID_NONE);
    }
    for (size_t i = 0; result == SQLITE_OK && i < staff->events_count; i++) {
        result = write_role(connection, staff, &staff->events[i]);
    }
    return result;
}

static int write_staff(struct connection *connection, const struct world_staff *each) {
    int result;
    const struct staff *staff = &each->row;
    sqlite3_stmt *statement = connection_statement(
        connection, each->state == ROW_NEW ? STATEMENT_insert_staff : STATEMENT_update_staff,
        &result);
    if (statement == NULL) {
        return result;
    }
    bind_uuid(statement, 1, &staff->id);
    bind_text(statement, 2, staff->email);
    bind_text(statement, 3, staff->name);
    bind_text(statement, 4, staff->password_hash);
    bind_instant(statement, 5, staff->created_at);
    bind_instant(statement, 6, staff->updated_at);
    bind_instant(statement, 7, staff->disabled_at);
    bind_integer(statement, 8, staff->version);
    result = write_row(connection, statement);
    return result == SQLITE_OK ? write_roles(connection, staff) : result;
}

static int write_session(struct connection *connection, const struct world_session *each) {
    int result;
    const struct staff_session *session = &each->row;
    sqlite3_stmt *statement = connection_statement(
        connection, each->state == ROW_NEW ? STATEMENT_insert_session : STATEMENT_update_session,
        &result);
    if (statement != NULL) {
        bind_uuid(statement, 1, &session->id);
        bind_uuid(statement, 2, &session->staff_id);
        bind_instant(statement, 3, session->created_at);
        bind_instant(statement, 4, session->last_seen_at);
        bind_instant(statement, 5, session->expires_at);
        result = write_row(connection, statement);
    }
    return result;
}

int write_people(struct connection *connection, const struct world *world) {
    int result = SQLITE_OK;
    for (const struct world_staff *each = world->staff; result == SQLITE_OK && each != NULL;
         each = each->next) {
        result = each->state == ROW_LOADED ? SQLITE_OK : write_staff(connection, each);
    }
    for (const struct world_session *each = world->sessions; result == SQLITE_OK && each != NULL;
         each = each->next) {
        result = each->state == ROW_LOADED ? SQLITE_OK : write_session(connection, each);
    }
    return result;
}

/* --- lists --------------------------------------------------------------------- */

static int count_of(struct sqlite_reader *reader, enum statement name, size_t *count) {
    SCOPED_STATEMENT *statement = NULL;
    int result = reader_find(reader, name, &UUID_NONE, &statement);
    *count = result == SQLITE_OK ? (size_t)sqlite3_column_int64(statement, 0) : 0;
    return result;
}

/* Whoever cannot be read cannot come in; the others can. */
static int all_staff(struct sqlite_reader *reader, struct arena *arena, struct page *page) {
    size_t count;
    int result = count_of(reader, STATEMENT_staff_count, &count);
    struct staff *rows = arena_array(arena, struct staff, count + 1);
    SCOPED_STATEMENT *statement = NULL;
    if (result == SQLITE_OK) {
        result = rows == NULL ? RESULT_ARENA_SPENT
                              : reader_find(reader, STATEMENT_staff, &UUID_NONE, &statement);
    }
    bool row = result == SQLITE_OK;
    page->rows = rows;
    while (result == SQLITE_OK && row && page->count < count) {
        struct columns columns = {.statement = statement, .arena = arena};
        rows[page->count] = read_staff(&columns);
        if (columns.spent) {
            return RESULT_ARENA_SPENT;
        }
        if (columns.fault == NULL) {
            page->count++;
        } else {
            char text[UUID_TEXT_SIZE];
            log_line(LOG_ERROR, "staff_unreadable", "id", uuid_format(rows[page->count].id, text),
                     "why", columns.fault, NULL);
        }
        result = statement_step(statement, &row);
    }
    return result == RESULT_NOT_FOUND ? SQLITE_OK : result;
}

static int all_sessions(struct sqlite_reader *reader, struct arena *arena, struct page *page) {
    size_t count;
    int result = count_of(reader, STATEMENT_sessions_count, &count);
    struct staff_session *rows = arena_array(arena, struct staff_session, count + 1);
    if (result != SQLITE_OK || rows == NULL) {
        return result != SQLITE_OK ? result : RESULT_ARENA_SPENT;
    }
    SCOPED_STATEMENT *statement =
        connection_statement(&reader->connection, STATEMENT_sessions, &result);
    if (statement == NULL) {
        return result;
    }
    bool row = false;
    bind_instant(statement, 1, instant_plus_seconds(page->as_of, -SESSIONS_LISTED_SECONDS));
    result = statement_step(statement, &row);
    page->rows = rows;
    while (result == SQLITE_OK && row && page->count < count) {
        struct columns columns = {.statement = statement, .arena = arena};
        rows[page->count] = read_session(&columns);
        page->count += columns.fault == NULL; /* one that cannot be read opens nothing */
        result = statement_step(statement, &row);
    }
    return result;
}

static enum error list(struct store_reader *port, struct arena *arena, struct page *page,
                       int (*all)(struct sqlite_reader *, struct arena *, struct page *),
                       struct failure *failure) {
    struct sqlite_reader *reader = sqlite_reader(port);
    struct page read = {.count = 0};
    int result = reader_begin(reader, &read.as_of);
    result = result == SQLITE_OK ? all(reader, arena, &read) : result;
    enum error error = reader_end(reader, result, failure);
    if (error == ERROR_NONE) {
        *page = read;
    }
    return error;
}

enum error sqlite_list_staff(struct store_reader *reader, struct arena *arena, struct page *page,
                             struct failure *failure) {
    return list(reader, arena, page, all_staff, failure);
}

enum error sqlite_list_sessions(struct store_reader *reader, struct arena *arena, struct page *page,
                                struct failure *failure) {
    return list(reader, arena, page, all_sessions, failure);
}
