/* Lists of things that are few: venues, events, ticket types, keys. */
#include "base/log.h"
#include "store/postgres/listing.h"

static void venue_read(struct cells *cells, void *row) {
    *(struct venue *)row = cells_venue(cells, 0);
}

static void event_read(struct cells *cells, void *row) {
    *(struct event *)row = cells_event(cells, 0);
}

static void type_read(struct cells *cells, void *row) {
    *(struct type_reading *)row = row_type_reading(cells);
}

enum error postgres_list_venues(struct store_reader *reader, const struct list_query *query,
                                struct arena *arena, struct page *page, struct failure *failure) {
    static const struct listing_kind venues = {&paged_venues, VENUE_COLUMNS, venue_read, NULL};
    struct listing listing;
    enum error error = listing_open(&listing, reader, &venues, query, arena, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    listing.start = query->after;
    listing_source(&listing, QUERY_venues, SOURCE_ROW_ID, UUID_NONE);
    return listing_run(&listing, page, failure);
}

enum error postgres_list_events(struct store_reader *reader, const struct list_query *query,
                                struct arena *arena, struct page *page, struct failure *failure) {
    static const struct listing_kind events = {&paged_events, EVENT_COLUMNS, event_read, NULL};
    bool past = query->filter.when == WHEN_PAST;
    struct listing listing;
    enum error error = listing_open(&listing, reader, &events, query, arena, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    const struct list_position bottom = {.at = {-1}};
    listing.start = query->after.set ? query->after : past ? POSITION_TOP : bottom;
    listing_source(&listing, past ? QUERY_events_past : QUERY_events, SOURCE_AT | SOURCE_ROW_ID,
                   UUID_NONE);
    return listing_run(&listing, page, failure);
}

enum error postgres_list_types(struct store_reader *reader, const struct list_query *query,
                               struct arena *arena, struct page *page, struct failure *failure) {
    static const struct listing_kind types = {&paged_types, TYPE_READING_COLUMNS, type_read, NULL};
    struct listing listing;
    enum error error = listing_open(&listing, reader, &types, query, arena, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    listing.start = query->after;
    if (uuid_is_none(query->filter.event_id)) {
        listing_source(&listing, QUERY_types, SOURCE_ROW_ID, UUID_NONE);
    } else {
        listing_source(&listing, QUERY_event_types, SOURCE_ID | SOURCE_ROW_ID,
                       query->filter.event_id);
    }
    return listing_run(&listing, page, failure);
}

/* --- without pages -------------------------------------------------------------- */

struct inventory {
    struct uuid event_id;
    struct event event;
    struct page types;
};

static void send_inventory(struct session *session, const void *context) {
    const struct inventory *inventory = context;
    give_uuid(session_parameters(session), 1, inventory->event_id);
    session_send(session, QUERY_event);
    give_uuid(session_parameters(session), 1, inventory->event_id);
    session_send(session, QUERY_inventory);
}

static void take_types(struct snapshot *snapshot, struct page *types) {
    int rows;
    struct cells cells = snapshot_take(snapshot, QUERY_inventory, &rows);
    struct type_reading *list = arena_array(snapshot->arena, struct type_reading, (size_t)rows);
    snapshot->spent |= list == NULL;
    *types = (struct page){.rows = list, .count = (size_t)rows, .as_of = snapshot->now};
    for (int i = 0; list != NULL && i < rows; i++) {
        list[i] = row_type_reading(snapshot_row(&cells, i));
        if (!snapshot_judge(snapshot, &cells)) {
            return;
        }
    }
}

static void take_inventory(struct snapshot *snapshot, void *context) {
    struct inventory *inventory = context;
    int rows;
    struct cells cells = snapshot_take(snapshot, QUERY_event, &rows);
    snapshot->missing = rows == 0;
    if (rows > 0) {
        inventory->event = cells_event(&cells, 0);
        (void)snapshot_judge(snapshot, &cells);
    }
    take_types(snapshot, &inventory->types);
}

enum error postgres_read_inventory(struct store_reader *port, struct uuid event_id,
                                   struct arena *arena, struct event *event, struct page *types,
                                   struct failure *failure) {
    static const struct reading reading = {send_inventory, take_inventory};
    struct snapshot snapshot = {.arena = arena, .now = INSTANT_NONE};
    struct inventory inventory = {.event_id = event_id};
    enum error error =
        postgres_read(postgres_reader(port), &reading, &snapshot, &inventory, failure);
    if (error == ERROR_NONE) {
        *event = inventory.event;
        *types = inventory.types;
    }
    return error;
}

static void send_api_keys(struct session *session, const void *context) {
    (void)context;
    session_send(session, QUERY_api_keys);
}

static void tell_of_unreadable_key(struct uuid id, const char *fault) {
    char text[UUID_TEXT_SIZE];
    log_line(LOG_ERROR, "api_key_unreadable", "id", uuid_format(id, text), "why", fault, NULL);
}

/* A key that cannot be read opens nothing; without the others nobody could come in. */
static void take_api_keys(struct snapshot *snapshot, void *context) {
    struct page *page = context;
    int rows;
    struct cells cells = snapshot_take(snapshot, QUERY_api_keys, &rows);
    struct api_key *keys = arena_array(snapshot->arena, struct api_key, (size_t)rows);
    snapshot->spent |= keys == NULL;
    *page = (struct page){.rows = keys, .as_of = snapshot->now};
    for (int i = 0; keys != NULL && i < rows; i++) {
        struct api_key key = cells_api_key(snapshot_row(&cells, i), 0);
        snapshot->spent |= cells.spent;
        if (cells.fault == NULL) {
            keys[page->count++] = key;
        } else {
            tell_of_unreadable_key(key.id, cells.fault);
        }
    }
}

enum error postgres_list_api_keys(struct store_reader *port, struct arena *arena, struct page *page,
                                  struct failure *failure) {
    static const struct reading reading = {send_api_keys, take_api_keys};
    struct snapshot snapshot = {.arena = arena, .now = INSTANT_NONE};
    struct page read;
    enum error error = postgres_read(postgres_reader(port), &reading, &snapshot, &read, failure);
    if (error == ERROR_NONE) {
        *page = read;
    }
    return error;
}

struct due {
    struct uuid after;
    size_t limit;
    struct page page;
};

/* One more than the page holds, to know that there are more. */
static void send_due_types(struct session *session, const void *context) {
    const struct due *due = context;
    give_uuid(session_parameters(session), 1, due->after);
    give_int8(session_parameters(session), 2, (int64_t)due->limit + 1);
    session_send(session, QUERY_due_types);
}

static void take_due_types(struct snapshot *snapshot, void *context) {
    struct due *due = context;
    int rows;
    struct cells cells = snapshot_take(snapshot, QUERY_due_types, &rows);
    bool more = (size_t)rows > due->limit;
    struct page page = {.count = more ? due->limit : (size_t)rows, .as_of = snapshot->now};
    struct uuid *ids = arena_array(snapshot->arena, struct uuid, page.count);
    snapshot->spent |= ids == NULL;
    page.rows = ids;
    for (size_t i = 0; ids != NULL && i < page.count; i++) {
        ids[i] = cell_uuid(snapshot_row(&cells, (int)i), 0);
        (void)snapshot_judge(snapshot, &cells);
    }
    if (ids != NULL && more) {
        page.next = (struct list_position){.set = true, .id = ids[page.count - 1]};
    }
    due->page = page;
}

enum error postgres_list_due_types(struct store_reader *port, struct uuid after, size_t limit,
                                   struct arena *arena, struct page *page,
                                   struct failure *failure) {
    static const struct reading reading = {send_due_types, take_due_types};
    struct snapshot snapshot = {.arena = arena, .now = INSTANT_NONE};
    struct due due = {.after = after, .limit = limit};
    enum error error = postgres_read(postgres_reader(port), &reading, &snapshot, &due, failure);
    if (error == ERROR_NONE) {
        *page = due.page;
    }
    return error;
}

struct heads {
    const struct uuid *ids;
    size_t count;
    struct page page;
};

static void send_type_heads(struct session *session, const void *context) {
    const struct heads *heads = context;
    give_uuids(session_parameters(session), 1, heads->ids, heads->count);
    session_send(session, QUERY_type_heads);
}

static void take_type_heads(struct snapshot *snapshot, void *context) {
    struct heads *heads = context;
    int rows;
    struct cells cells = snapshot_take(snapshot, QUERY_type_heads, &rows);
    struct type_head *list = arena_array(snapshot->arena, struct type_head, (size_t)rows);
    snapshot->spent |= list == NULL;
    heads->page = (struct page){.rows = list, .count = (size_t)rows, .as_of = snapshot->now};
    for (int i = 0; list != NULL && i < rows; i++) {
        list[i] = (struct type_head){
            .id = cell_uuid(snapshot_row(&cells, i), 0),
            .audit_seq = cell_integer(&cells, 1, 0, INT64_MAX),
            .settings_version = cell_integer(&cells, 2, 1, INT64_MAX),
            .event_version = cell_integer(&cells, 3, 1, INT64_MAX),
            .event_is_public = cell_bool(&cells, 4),
        };
        (void)snapshot_judge(snapshot, &cells);
    }
}

enum error postgres_list_type_heads(struct store_reader *port, const struct uuid *ids, size_t count,
                                    struct arena *arena, struct page *page,
                                    struct failure *failure) {
    static const struct reading reading = {send_type_heads, take_type_heads};
    struct snapshot snapshot = {.arena = arena, .now = INSTANT_NONE};
    struct heads heads = {.ids = ids, .count = count};
    enum error error = postgres_read(postgres_reader(port), &reading, &snapshot, &heads, failure);
    if (error == ERROR_NONE) {
        *page = heads.page;
    }
    return error;
}
