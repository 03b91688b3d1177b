#include "store/postgres/people.h"

#include "base/log.h"
#include "store/postgres/row.h"

enum { STAFF_COLUMNS = 8, SESSION_COLUMNS = 5 };

/* --- rows ----------------------------------------------------------------------- */

/* The columns of staff_part.sql. */
static struct staff cells_staff(struct cells *f) {
    struct staff staff = {
        .id = cell_uuid(f, 0),
        .email = cell_text(f, 1),
        .name = cell_text(f, 2),
        .password_hash = cell_text_or_none(f, 3),
        .created_at = cell_instant(f, 4),
        .updated_at = cell_instant(f, 5),
        .disabled_at = cell_instant_or_none(f, 6),
        .version = cell_integer(f, 7, 1, INT64_MAX),
        .last_seen_at = cell_instant_or_none(f, 10),
    };
    if (cell_is_null(f, 8) || !role_parse(cell_word(f, 8), &staff.role)) {
        cells_blame(f, "a role is unknown");
    }
    staff.events = cell_uuids(f, 9, &staff.events_count);
    return staff;
}

static struct staff_session cells_session(struct cells *f) {
    return (struct staff_session){
        .id = cell_uuid(f, 0),
        .staff_id = cell_uuid(f, 1),
        .created_at = cell_instant(f, 2),
        .last_seen_at = cell_instant(f, 3),
        .expires_at = cell_instant(f, 4),
    };
}

static void put_staff(struct parameters *p, const struct staff *staff) {
    put_uuid(p, 1, staff->id);
    put_text(p, 2, staff->email);
    put_text(p, 3, staff->name);
    put_text(p, 4, staff->password_hash);
    put_instant(p, 5, staff->created_at);
    put_instant(p, 6, staff->updated_at);
    put_instant(p, 7, staff->disabled_at);
    put_int8(p, 8, staff->version);
}

static void put_session(struct parameters *p, const struct staff_session *session) {
    put_bytes(p, 1, session->id.bytes, sizeof session->id.bytes);
    put_uuid(p, 2, session->staff_id);
    put_instant(p, 3, session->created_at);
    put_instant(p, 4, session->last_seen_at);
    put_instant(p, 5, session->expires_at);
}

/* --- load ------------------------------------------------------------------------ */

static bool is_asked(const struct keys *keys) {
    return keys->all_staff || keys->staff.count > 0;
}

static void send_asked(struct session *session, enum query query, const struct keys *keys) {
    struct parameters *parameters = session_parameters(session);
    give_uuids(parameters, 1, keys->staff.list, keys->staff.count);
    give_int8(parameters, 2, keys->all_staff);
    session_send(session, query);
}

void people_lock(struct session *session, const struct keys *keys) {
    if (is_asked(keys)) {
        send_asked(session, QUERY_lock_staff, keys);
    }
}

void people_ask(struct session *session, const struct keys *keys) {
    if (is_asked(keys)) {
        send_asked(session, QUERY_staff_locked, keys);
    }
    if (keys->staff.count > 0) {
        give_uuids(session_parameters(session), 1, keys->staff.list, keys->staff.count);
        session_send(session, QUERY_sessions_of_staff);
    }
}

void people_take_lock(struct session *session, const struct keys *keys) {
    if (is_asked(keys)) {
        session_pass(session, QUERY_lock_staff);
    }
}

/* One that cannot be read is as good as lost: it must not be written back. */
static bool take_staff(struct session *session, struct world *world) {
    struct cells cells = {.result = session_take(session, QUERY_staff_locked),
                          .arena = world->arena};
    int rows = cells.result == NULL ? 0 : PQntuples(cells.result);
    bool fits = true;
    for (cells.row = 0; cells.row < rows && fits; cells.row++) {
        cells.fault = NULL;
        struct staff staff = cells_staff(&cells);
        fits = !cells.spent && (cells.fault != NULL || world_add_staff(world, &staff) != NULL);
    }
    return fits;
}

static bool take_sessions(struct session *session, struct world *world) {
    struct cells cells = {.result = session_take(session, QUERY_sessions_of_staff),
                          .arena = world->arena};
    int rows = cells.result == NULL ? 0 : PQntuples(cells.result);
    bool fits = true;
    for (cells.row = 0; cells.row < rows && fits; cells.row++) {
        cells.fault = NULL;
        struct staff_session row = cells_session(&cells);
        fits = cells.fault != NULL || world_add_session(world, &row) != NULL;
    }
    return fits;
}

bool people_take(struct session *session, const struct keys *keys, struct world *world) {
    bool fits = !is_asked(keys) || take_staff(session, world);
    return keys->staff.count == 0 || (take_sessions(session, world) && fits) ? fits : false;
}

/* --- persist ---------------------------------------------------------------------- */

static void write_staff(struct session *session, const struct world *world, enum row_state state) {
    int64_t rows = 0;
    for (const struct world_staff *each = world->staff; each != NULL; each = each->next) {
        if (each->state == state) {
            put_staff(session_parameters(session), &each->row);
            rows++;
        }
    }
    if (rows > 0 && state == ROW_NEW) {
        session_send(session, QUERY_insert_staff);
    } else if (rows > 0) {
        give_int8(session_parameters(session), STAFF_COLUMNS + 1, rows);
        session_send(session, QUERY_update_staff);
    }
}

static int64_t put_roles(struct parameters *p, const struct staff *staff) {
    size_t count = staff->events_count == 0 ? 1 : staff->events_count;
    for (size_t i = 0; i < count; i++) {
        put_uuid(p, 1, staff->id);
        put_text(p, 2, role_name(staff->role));
        put_uuid(p, 3, staff->events_count == 0 ? UUID_NONE : staff->events[i]);
        put_instant(p, 4, staff->updated_at);
    }
    return (int64_t)count;
}

static void write_roles(struct session *session, const struct world *world) {
    int64_t rows = 0;
    for (const struct world_staff *each = world->staff; each != NULL; each = each->next) {
        if (each->state != ROW_LOADED) {
            put_uuid(session_parameters(session), 1, each->row.id);
            rows++;
        }
    }
    if (rows == 0) {
        return;
    }
    session_send(session, QUERY_delete_staff_roles);
    for (const struct world_staff *each = world->staff; each != NULL; each = each->next) {
        if (each->state != ROW_LOADED) {
            put_roles(session_parameters(session), &each->row);
        }
    }
    session_send(session, QUERY_insert_staff_roles);
}

static void write_sessions(struct session *session, const struct world *world,
                           enum row_state state) {
    int64_t rows = 0;
    for (const struct world_session *each = world->sessions; each != NULL; each = each->next) {
        if (each->state == state) {
            put_session(session_parameters(session), &each->row);
            rows++;
        }
    }
    if (rows > 0 && state == ROW_NEW) {
        session_send(session, QUERY_insert_sessions);
    } else if (rows > 0) {
        give_int8(session_parameters(session), SESSION_COLUMNS + 1, rows);
        session_send(session, QUERY_update_sessions);
    }
}

void people_write(struct session *session, const struct world *world) {
    write_staff(session, world, ROW_NEW);
    write_staff(session, world, ROW_CHANGED);
    write_roles(session, world);
    write_sessions(session, world, ROW_NEW);
    write_sessions(session, world, ROW_CHANGED);
}

/* --- lists ------------------------------------------------------------------------- */

static void send_staff(struct session *session, const void *context) {
    (void)context;
    session_send(session, QUERY_staff);
}

/* Whoever cannot be read cannot come in; the others can. */
static void take_all_staff(struct snapshot *snapshot, void *context) {
    struct page *page = context;
    int rows;
    struct cells cells = snapshot_take(snapshot, QUERY_staff, &rows);
    struct staff *list = arena_array(snapshot->arena, struct staff, (size_t)rows + 1);
    snapshot->spent |= list == NULL;
    *page = (struct page){.rows = list, .as_of = snapshot->now};
    for (int i = 0; list != NULL && i < rows; i++) {
        list[page->count] = cells_staff(snapshot_row(&cells, i));
        snapshot->spent |= cells.spent;
        if (cells.fault == NULL) {
            page->count++;
        } else {
            char text[UUID_TEXT_SIZE];
            log_line(LOG_ERROR, "staff_unreadable", "id", uuid_format(list[page->count].id, text),
                     "why", cells.fault, NULL);
        }
    }
}

static void send_sessions(struct session *session, const void *context) {
    (void)context;
    session_send(session, QUERY_sessions);
}

static void take_all_sessions(struct snapshot *snapshot, void *context) {
    struct page *page = context;
    int rows;
    struct cells cells = snapshot_take(snapshot, QUERY_sessions, &rows);
    struct staff_session *list =
        arena_array(snapshot->arena, struct staff_session, (size_t)rows + 1);
    snapshot->spent |= list == NULL;
    *page = (struct page){.rows = list, .as_of = snapshot->now};
    for (int i = 0; list != NULL && i < rows; i++) {
        list[page->count] = cells_session(snapshot_row(&cells, i));
        page->count += cells.fault == NULL; /* one that cannot be read opens nothing */
    }
}

static enum error list(struct store_reader *reader, const struct reading *reading,
                       struct arena *arena, struct page *page, struct failure *failure) {
    struct snapshot snapshot = {.arena = arena, .now = INSTANT_NONE};
    struct page read;
    enum error error = postgres_read(postgres_reader(reader), reading, &snapshot, &read, failure);
    if (error == ERROR_NONE) {
        *page = read;
    }
    return error;
}

enum error postgres_list_staff(struct store_reader *reader, struct arena *arena, struct page *page,
                               struct failure *failure) {
    static const struct reading reading = {send_staff, take_all_staff};
    return list(reader, &reading, arena, page, failure);
}

enum error postgres_list_sessions(struct store_reader *reader, struct arena *arena,
                                  struct page *page, struct failure *failure) {
    static const struct reading reading = {send_sessions, take_all_sessions};
    return list(reader, &reading, arena, page, failure);
}
