/* Lists in ascending order of things that are few: venues, events, ticket types, keys. */
#include "base/log.h"
#include "store/sqlite/listing.h"

static void venue_read(struct columns *columns, void *row) {
    *(struct venue *)row = read_venue(columns);
}

enum error sqlite_list_venues(struct store_reader *reader, const struct list_query *query,
                              struct arena *arena, struct page *page, struct failure *failure) {
    static const struct listing_kind venues = {
        .paged = &paged_venues,
        .read = venue_read,
    };
    struct listing listing;
    int result = listing_begin(&listing, sqlite_reader(reader), &venues, query, arena);
    if (result == SQLITE_OK) {
        SCOPED_STATEMENT *statement =
            connection_statement(&listing.reader->connection, STATEMENT_venues, &result);
        if (statement != NULL) {
            bind_uuid(statement, 1, query->after.set ? &query->after.id : &UUID_NONE);
            result = listing_examine_all(&listing, statement);
        }
    }
    return listing_end(&listing, result, page, failure);
}

static void event_read(struct columns *columns, void *row) {
    *(struct event *)row = read_event(columns);
}

enum error sqlite_list_events(struct store_reader *reader, const struct list_query *query,
                              struct arena *arena, struct page *page, struct failure *failure) {
    static const struct listing_kind events = {
        .paged = &paged_events,
        .read = event_read,
    };
    bool past = query->filter.when == WHEN_PAST;
    struct list_position after = query->after;
    if (!after.set) {
        after.at = (struct instant){past ? INT64_MAX : -1};
    }
    struct listing listing;
    int result = listing_begin(&listing, sqlite_reader(reader), &events, query, arena);
    if (result == SQLITE_OK) {
        SCOPED_STATEMENT *statement = connection_statement(
            &listing.reader->connection, past ? STATEMENT_events_past : STATEMENT_events, &result);
        if (statement != NULL) {
            bind_integer(statement, 1, after.at.us);
            bind_bytes(statement, 2, after.id.bytes, sizeof after.id);
            result = listing_examine_all(&listing, statement);
        }
    }
    return listing_end(&listing, result, page, failure);
}

static void type_read(struct columns *columns, void *row) {
    *(struct type_reading *)row = read_type_reading(columns);
}

static int type_complete(struct listing *listing, void *row) {
    return reader_type_counts(listing->reader, row, listing->paging.now);
}

static const struct listing_kind types_kind = {
    .paged = &paged_types,
    .read = type_read,
    .complete = type_complete,
};

enum error sqlite_list_types(struct store_reader *reader, const struct list_query *query,
                             struct arena *arena, struct page *page, struct failure *failure) {
    bool of_event = !uuid_is_none(query->filter.event_id);
    struct listing listing;
    int result = listing_begin(&listing, sqlite_reader(reader), &types_kind, query, arena);
    if (result == SQLITE_OK) {
        SCOPED_STATEMENT *statement =
            connection_statement(&listing.reader->connection,
                                 of_event ? STATEMENT_event_types : STATEMENT_types, &result);
        if (statement != NULL) {
            struct uuid after = query->after.set ? query->after.id : UUID_NONE;
            bind_bytes(statement, 1, after.bytes, sizeof after);
            if (of_event) {
                bind_uuid(statement, 2, &query->filter.event_id);
            }
            result = listing_examine_all(&listing, statement);
        }
    }
    return listing_end(&listing, result, page, failure);
}

/* How many rows a list without pages may have. */
static int count_rows(struct sqlite_reader *reader, enum statement name, const struct uuid *id,
                      size_t *count) {
    SCOPED_STATEMENT *statement = NULL;
    int result = reader_find(reader, name, id, &statement);
    *count = result == SQLITE_OK ? (size_t)sqlite3_column_int64(statement, 0) : 0;
    return result;
}

static int inventory_event(struct sqlite_reader *reader, const struct uuid *id, struct arena *arena,
                           struct event *event) {
    SCOPED_STATEMENT *statement = NULL;
    int result = reader_find(reader, STATEMENT_event, id, &statement);
    if (result == SQLITE_OK) {
        struct columns columns = {.statement = statement, .arena = arena};
        *event = read_event(&columns);
        result = reader_judge(reader, &columns);
    }
    return result;
}

static int inventory_types(struct sqlite_reader *reader, const struct uuid *event_id,
                           struct arena *arena, struct page *page) {
    size_t count;
    int result = count_rows(reader, STATEMENT_inventory_count, event_id, &count);
    struct type_reading *rows = arena_array(arena, struct type_reading, count);
    if (result == SQLITE_OK && rows == NULL) {
        return RESULT_ARENA_SPENT;
    }
    SCOPED_STATEMENT *statement = NULL;
    result = result == SQLITE_OK ? reader_find(reader, STATEMENT_inventory, event_id, &statement)
                                 : result;
    bool row = result == SQLITE_OK;
    for (size_t i = 0; result == SQLITE_OK && row && i < count; i++) {
        struct columns columns = {.statement = statement, .arena = arena};
        rows[i] = read_type_reading(&columns);
        result = reader_judge(reader, &columns);
        result = result == SQLITE_OK ? reader_type_counts(reader, &rows[i], page->as_of) : result;
        result = result == SQLITE_OK ? statement_step(statement, &row) : result;
    }
    page->rows = rows;
    page->count = count;
    return result == RESULT_NOT_FOUND ? SQLITE_OK : result; /* an event without types */
}

enum error sqlite_read_inventory(struct store_reader *port, struct uuid event_id,
                                 struct arena *arena, struct event *event, struct page *types,
                                 struct failure *failure) {
    struct sqlite_reader *reader = sqlite_reader(port);
    struct event found = {.start_date = INSTANT_NONE};
    struct page page = {.count = 0};
    int result = reader_begin(reader, &page.as_of);
    result = result == SQLITE_OK ? inventory_event(reader, &event_id, arena, &found) : result;
    result = result == SQLITE_OK ? inventory_types(reader, &event_id, arena, &page) : result;
    enum error error = reader_end(reader, result, failure);
    if (error == ERROR_NONE) {
        *event = found;
        *types = page;
    }
    return error;
}

static void tell_of_unreadable_key(struct uuid id, const char *fault) {
    char text[UUID_TEXT_SIZE];
    log_line(LOG_ERROR, "api_key_unreadable", "id", uuid_format(id, text), "why", fault, NULL);
}

/* A key that cannot be read opens nothing; without the others nobody could come in. */
static int all_keys(struct sqlite_reader *reader, struct arena *arena, struct page *page) {
    size_t count;
    int result = count_rows(reader, STATEMENT_api_keys_count, &UUID_NONE, &count);
    struct api_key *rows = arena_array(arena, struct api_key, count);
    if (result == SQLITE_OK && rows == NULL) {
        return RESULT_ARENA_SPENT;
    }
    SCOPED_STATEMENT *statement = NULL;
    result = result == SQLITE_OK ? reader_find(reader, STATEMENT_api_keys, &UUID_NONE, &statement)
                                 : result;
    bool row = result == SQLITE_OK;
    page->rows = rows;
    while (result == SQLITE_OK && row && page->count < count) {
        struct columns columns = {.statement = statement, .arena = arena};
        struct api_key key = read_api_key(&columns);
        if (columns.spent) {
            return RESULT_ARENA_SPENT;
        }
        if (columns.fault == NULL) {
            rows[page->count++] = key;
        } else {
            tell_of_unreadable_key(key.id, columns.fault);
        }
        result = statement_step(statement, &row);
    }
    return result == RESULT_NOT_FOUND ? SQLITE_OK : result;
}

enum error sqlite_list_api_keys(struct store_reader *port, struct arena *arena, struct page *page,
                                struct failure *failure) {
    struct sqlite_reader *reader = sqlite_reader(port);
    struct page read = {.count = 0};
    int result = reader_begin(reader, &read.as_of);
    result = result == SQLITE_OK ? all_keys(reader, arena, &read) : result;
    enum error error = reader_end(reader, result, failure);
    if (error == ERROR_NONE) {
        *page = read;
    }
    return error;
}

/* The next type above *type with active reservations, and when its first one expires: one seek
 * in the index of active reservations. */
static int next_active_type(struct sqlite_reader *reader, struct uuid *type,
                            struct instant *expires_at) {
    SCOPED_STATEMENT *statement = NULL;
    int result = reader_find(reader, STATEMENT_type_first_active, type, &statement);
    if (result == SQLITE_OK) {
        struct columns columns = {.statement = statement};
        *type = column_uuid(&columns, 0);
        *expires_at = column_instant(&columns, 1);
        result = reader_judge(reader, &columns);
    }
    return result;
}

enum error sqlite_list_due_types(struct store_reader *port, struct uuid after, size_t limit,
                                 struct arena *arena, struct page *page, struct failure *failure) {
    struct sqlite_reader *reader = sqlite_reader(port);
    struct uuid *rows = arena_array(arena, struct uuid, limit);
    struct page read = {.rows = rows};
    int result = reader_begin(reader, &read.as_of);
    result = result == SQLITE_OK && rows == NULL ? RESULT_ARENA_SPENT : result;
    while (result == SQLITE_OK) {
        struct instant expires_at;
        result = next_active_type(reader, &after, &expires_at);
        if (result != SQLITE_OK || instant_before(read.as_of, expires_at)) {
            continue;
        }
        if (read.count == limit) {
            read.next = (struct list_position){.set = true, .id = rows[limit - 1]};
            break;
        }
        rows[read.count++] = after;
    }
    enum error error = reader_end(reader, result == RESULT_NOT_FOUND ? SQLITE_OK : result, failure);
    if (error == ERROR_NONE) {
        *page = read;
    }
    return error;
}
