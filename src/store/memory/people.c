/* Staff and their sessions: loaded, written, listed. */
#include "store/memory/people.h"

#include <stdlib.h>
#include <string.h>

/* The row as it reads: when the person was last here is what the sessions say. */
static struct staff as_read(const struct memory_store *store, const struct memory_staff *kept) {
    struct staff row = kept->row;
    row.last_seen_at = INSTANT_NONE;
    for (const struct memory_session *each = store->sessions; each != NULL; each = each->next) {
        if (uuid_equals(each->row.staff_id, row.id)) {
            row.last_seen_at = instant_later(row.last_seen_at, each->row.last_seen_at);
        }
    }
    return row;
}

static bool is_asked(const struct keys *keys, struct uuid id) {
    for (size_t i = 0; i < keys->staff.count; i++) {
        if (uuid_equals(keys->staff.list[i], id)) {
            return true;
        }
    }
    return false;
}

bool memory_load_people(const struct memory_store *store, const struct keys *keys,
                        struct world *world) {
    bool fits = true;
    for (const struct memory_staff *each = store->staff; each != NULL; each = each->next) {
        if (keys->all_staff || is_asked(keys, each->row.id)) {
            struct staff row = as_read(store, each);
            fits = fits && world_add_staff(world, &row) != NULL;
        }
    }
    for (const struct memory_session *each = store->sessions; each != NULL; each = each->next) {
        if (is_asked(keys, each->row.staff_id) &&
            instant_before(world->now, each->row.expires_at)) {
            fits = fits && world_add_session(world, &each->row) != NULL;
        }
    }
    return fits;
}

/* A copy that lives as long as the store. */
static struct text kept_text(struct memory_store *store, struct text text) {
    if (text_is_absent(text)) {
        return text;
    }
    char *bytes = memory_take(store, text.length + 1);
    memcpy(bytes, text.bytes, text.length);
    return (struct text){bytes, text.length};
}

static void write_staff(struct memory_store *store, const struct world_staff *staff) {
    struct memory_staff *kept = memory_staff(store, staff->row.id);
    kept = kept == NULL ? memory_add_staff(store, staff->row.id) : kept;
    struct uuid *events = memory_take(store, (staff->row.events_count + 1) * sizeof *events);
    if (staff->row.events_count > 0) {
        memcpy(events, staff->row.events, staff->row.events_count * sizeof *events);
    }
    kept->row = staff->row;
    kept->row.events = events;
    kept->row.email = kept_text(store, staff->row.email);
    kept->row.name = kept_text(store, staff->row.name);
    kept->row.password_hash = kept_text(store, staff->row.password_hash);
}

void memory_write_people(struct memory_store *store, const struct world *world) {
    for (const struct world_staff *each = world->staff; each != NULL; each = each->next) {
        if (each->state != ROW_LOADED) {
            write_staff(store, each);
        }
    }
    for (const struct world_session *each = world->sessions; each != NULL; each = each->next) {
        if (each->state != ROW_LOADED) {
            struct memory_session *kept = memory_session(store, each->row.id);
            kept = kept == NULL ? memory_add_session(store, each->row.id) : kept;
            kept->row = each->row;
        }
    }
}

static bool has_later(const struct memory_store *store, const struct memory_session *session) {
    for (const struct memory_session *each = store->sessions; each != NULL; each = each->next) {
        if (uuid_equals(each->row.staff_id, session->row.staff_id) &&
            instant_before(session->row.last_seen_at, each->row.last_seen_at)) {
            return true;
        }
    }
    return false;
}

/* A map forgets nothing: the row stays in it, and is nobody's. */
void memory_prune_sessions(struct memory_store *store, struct instant before) {
    struct memory_session **at = &store->sessions;
    while (*at != NULL) {
        if (instant_before((*at)->row.expires_at, before) && has_later(store, *at)) {
            *at = (*at)->next;
        } else {
            at = &(*at)->next;
        }
    }
}

static int newest_first(struct instant a, struct uuid a_id, struct instant b, struct uuid b_id) {
    return a.us != b.us ? (a.us < b.us ? 1 : -1) : uuid_compare(b_id, a_id);
}

static int compare_staff(const void *a, const void *b) {
    const struct staff *left = a;
    const struct staff *right = b;
    return newest_first(left->created_at, left->id, right->created_at, right->id);
}

enum error memory_list_staff(struct store_reader *reader, struct arena *arena, struct page *page,
                             struct failure *failure) {
    struct memory_store *store = memory_reading(reader);
    size_t count = 0;
    for (const struct memory_staff *each = store->staff; each != NULL; each = each->next) {
        count++;
    }
    struct staff *rows = arena_array(arena, struct staff, count + 1);
    size_t filled = 0;
    for (const struct memory_staff *each = store->staff; rows != NULL && each != NULL;
         each = each->next) {
        rows[filled++] = as_read(store, each);
    }
    if (rows != NULL) {
        qsort(rows, count, sizeof *rows, compare_staff);
        *page = (struct page){.rows = rows, .count = count, .as_of = clock_now(store->clock)};
    }
    return memory_read(store, rows == NULL ? ERROR_MEMORY : ERROR_NONE, failure);
}

enum error memory_list_sessions(struct store_reader *reader, struct arena *arena, struct page *page,
                                struct failure *failure) {
    struct memory_store *store = memory_reading(reader);
    struct instant now = clock_now(store->clock);
    struct instant since = instant_plus_seconds(now, -SESSIONS_LISTED_SECONDS);
    size_t count = 0;
    for (const struct memory_session *each = store->sessions; each != NULL; each = each->next) {
        count++;
    }
    struct staff_session *rows = arena_array(arena, struct staff_session, count + 1);
    size_t filled = 0;
    for (const struct memory_session *each = store->sessions; rows != NULL && each != NULL;
         each = each->next) {
        if (instant_before(since, each->row.created_at)) {
            rows[filled++] = each->row;
        }
    }
    if (rows != NULL) {
        *page = (struct page){.rows = rows, .count = filled, .as_of = now};
    }
    return memory_read(store, rows == NULL ? ERROR_MEMORY : ERROR_NONE, failure);
}
