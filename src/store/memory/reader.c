/* What is there, one row at a time and one type at a time. The lists are in lists.c. */
#include "store/memory/reader.h"
#include "store/memory/people.h"

#include <stdlib.h>

#include "base/check.h"

struct memory_store *memory_reading(struct store_reader *reader) {
    struct memory_store *store = ((struct memory_reader *)reader)->store;
    pthread_mutex_lock(&store->lock);
    return store;
}

enum error memory_read(struct memory_store *store, enum error error, struct failure *failure) {
    bool is_away = store->faults.is_away;
    pthread_mutex_unlock(&store->lock);
    if (is_away) {
        return failure_set(failure, ERROR_UNAVAILABLE, "a fault was asked for");
    }
    switch (error) {
    case ERROR_NONE:
        return error;
    case ERROR_NOT_FOUND:
        return failure_set(failure, error, "there is no such row");
    case ERROR_MEMORY:
    case ERROR_INVALID:
    case ERROR_UNAVAILABLE:
    case ERROR_FULL:
    case ERROR_LOCKED:
    case ERROR_RETRY:
    case ERROR_TWIN:
    case ERROR_REJECTED:
    case ERROR_UNKNOWN:
    case ERROR_CORRUPT:
    case ERROR_NEWER:
    case ERROR_PERMISSION:
        return failure_set(failure, error, "the reader's memory is spent");
    }
    return error;
}

struct type_reading memory_type_reading(const struct memory_type *type, struct instant now) {
    struct memory_due due = memory_type_due(type, now, NULL, NULL);
    const struct event *event = &type->event->row;
    struct type_reading reading = {
        .row = type->row,
        .as_of = now,
        .next_expiry_at = due.next_expiry_at,
        .event_is_public = event->published && instant_is_none(event->archived_at),
        .currency = event->currency,
        .event_version = event->version,
    };
    reading.row.counts.reserved -= (int32_t)due.quantity;
    return reading;
}

static void reader_close(struct store_reader *reader) {
    free(reader);
}

static enum error read_venue(struct store_reader *reader, struct uuid id, struct arena *arena,
                             struct venue *venue, struct failure *failure) {
    (void)arena;
    struct memory_store *store = memory_reading(reader);
    const struct memory_venue *found = memory_venue(store, id);
    if (found != NULL) {
        *venue = found->row;
    }
    return memory_read(store, found == NULL ? ERROR_NOT_FOUND : ERROR_NONE, failure);
}

static enum error read_event(struct store_reader *reader, struct uuid id, struct arena *arena,
                             struct event *event, struct failure *failure) {
    (void)arena;
    struct memory_store *store = memory_reading(reader);
    const struct memory_event *found = memory_event(store, id);
    if (found != NULL) {
        *event = found->row;
    }
    return memory_read(store, found == NULL ? ERROR_NOT_FOUND : ERROR_NONE, failure);
}

static enum error read_type(struct store_reader *reader, struct uuid id, struct arena *arena,
                            struct type_reading *type, struct failure *failure) {
    (void)arena;
    struct memory_store *store = memory_reading(reader);
    const struct memory_type *found = memory_type(store, id);
    if (found != NULL) {
        *type = memory_type_reading(found, clock_now(store->clock));
    }
    return memory_read(store, found == NULL ? ERROR_NOT_FOUND : ERROR_NONE, failure);
}

static int by_creation(const void *a, const void *b) {
    const struct type_reading *left = a;
    const struct type_reading *right = b;
    int64_t difference = left->row.created_at.us - right->row.created_at.us;
    if (difference != 0) {
        return difference < 0 ? -1 : 1;
    }
    return uuid_compare(left->row.id, right->row.id);
}

static enum error fill_inventory(const struct memory_event *event, struct instant now,
                                 struct arena *arena, struct page *page) {
    size_t count = 0;
    for (const struct memory_type *type = event->types; type != NULL; type = type->next_of_event) {
        count++;
    }
    struct type_reading *rows = arena_array(arena, struct type_reading, count + 1);
    if (rows == NULL) {
        return ERROR_MEMORY;
    }
    *page = (struct page){.rows = rows, .count = count, .as_of = now};
    for (const struct memory_type *type = event->types; type != NULL; type = type->next_of_event) {
        *rows++ = memory_type_reading(type, now);
    }
    qsort(page->rows, count, sizeof *rows, by_creation);
    return ERROR_NONE;
}

static enum error read_inventory(struct store_reader *reader, struct uuid event_id,
                                 struct arena *arena, struct event *event, struct page *types,
                                 struct failure *failure) {
    struct memory_store *store = memory_reading(reader);
    const struct memory_event *found = memory_event(store, event_id);
    enum error error = found == NULL ? ERROR_NOT_FOUND
                                     : fill_inventory(found, clock_now(store->clock), arena, types);
    if (error == ERROR_NONE) {
        *event = found->row;
    }
    return memory_read(store, error, failure);
}

static enum error read_reservation(struct store_reader *reader, struct uuid id, struct arena *arena,
                                   struct reservation *reservation, struct instant *as_of,
                                   struct failure *failure) {
    (void)arena;
    struct memory_store *store = memory_reading(reader);
    const struct memory_reservation *found = memory_reservation(store, id);
    if (found != NULL) {
        *reservation = found->row;
        *as_of = clock_now(store->clock);
    }
    return memory_read(store, found == NULL ? ERROR_NOT_FOUND : ERROR_NONE, failure);
}

static int by_id(const void *a, const void *b) {
    return uuid_compare(((const struct reservation *)a)->id, ((const struct reservation *)b)->id);
}

static enum error fill_cart(const struct memory_cart *cart, struct instant now, struct arena *arena,
                            struct page *page) {
    size_t count = 0;
    const struct memory_reservation *line;
    for (line = cart->lines; line != NULL; line = line->next_in_cart) {
        count++;
    }
    struct reservation *rows = arena_array(arena, struct reservation, count + 1);
    if (rows == NULL) {
        return ERROR_MEMORY;
    }
    *page = (struct page){.rows = rows, .as_of = now};
    for (line = cart->lines; line != NULL; line = line->next_in_cart) {
        if (cart_shows_line(&cart->row, &line->row)) {
            rows[page->count++] = line->row;
        }
    }
    qsort(rows, page->count, sizeof *rows, by_id);
    return ERROR_NONE;
}

static enum error read_cart(struct store_reader *reader, struct uuid id, struct arena *arena,
                            struct cart *cart, struct page *lines, struct failure *failure) {
    struct memory_store *store = memory_reading(reader);
    const struct memory_cart *found = memory_cart(store, id);
    enum error error =
        found == NULL ? ERROR_NOT_FOUND : fill_cart(found, clock_now(store->clock), arena, lines);
    if (error == ERROR_NONE) {
        *cart = found->row;
    }
    return memory_read(store, error, failure);
}

/* Expiries that were effective by `at` but stand in no entry created by then: written later, or
 * not yet. */
static int64_t expired_unwritten(const struct memory_type *type, size_t entries_count,
                                 struct instant at, struct instant now) {
    int64_t quantity = 0;
    for (size_t i = entries_count; i < type->entries.count; i++) {
        const struct audit_entry *entry = type->entries.list[i];
        if (!instant_is_none(entry->effective_at) && !instant_before(at, entry->effective_at)) {
            quantity += entry->quantity;
        }
    }
    struct instant earlier = instant_before(at, now) ? at : now;
    return quantity + memory_type_due(type, earlier, NULL, NULL).quantity;
}

static struct history history_at(const struct memory_type *type, struct instant at,
                                 struct instant now) {
    struct history history = {.known = !instant_before(at, type->row.created_at)};
    size_t count = 0;
    while (count < type->entries.count) {
        const struct audit_entry *entry = type->entries.list[count];
        if (instant_before(at, entry->created_at)) {
            break;
        }
        history.counts = entry->now;
        history.seq = entry->seq;
        count++;
    }
    if (history.known) {
        history.expired_unwritten = expired_unwritten(type, count, at, now);
        history.counts.reserved -= (int32_t)history.expired_unwritten;
    }
    return history;
}

static enum error read_history(struct store_reader *reader, struct uuid ticket_type_id,
                               struct instant at, struct arena *arena, struct history *history,
                               struct failure *failure) {
    (void)arena;
    struct memory_store *store = memory_reading(reader);
    const struct memory_type *type = memory_type(store, ticket_type_id);
    if (type != NULL) {
        *history = history_at(type, at, clock_now(store->clock));
    }
    return memory_read(store, type == NULL ? ERROR_NOT_FOUND : ERROR_NONE, failure);
}

static enum error fill_entries(const struct memory_type *type, int64_t after_seq, size_t limit,
                               struct arena *arena, struct page *page) {
    size_t first = after_seq < 0 ? 0 : (size_t)after_seq;
    size_t left = type == NULL || first >= type->entries.count ? 0 : type->entries.count - first;
    size_t count = left < limit ? left : limit;
    struct audit_entry *rows = arena_array(arena, struct audit_entry, count + 1);
    if (rows == NULL) {
        return ERROR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        rows[i] = *(const struct audit_entry *)type->entries.list[first + i];
    }
    page->rows = rows;
    page->count = count;
    page->next = (struct list_position){.set = left > count};
    if (page->next.set) {
        page->next.seq = rows[count - 1].seq;
    }
    return ERROR_NONE;
}

static enum error read_entries(struct store_reader *reader, struct uuid ticket_type_id,
                               int64_t after_seq, size_t limit, struct arena *arena,
                               struct page *page, struct failure *failure) {
    struct memory_store *store = memory_reading(reader);
    page->as_of = clock_now(store->clock);
    enum error error =
        fill_entries(memory_type(store, ticket_type_id), after_seq, limit, arena, page);
    return memory_read(store, error, failure);
}

static struct type_sums sums_of(const struct memory_type *type) {
    struct type_sums sums = {.row = type->row};
    for (const struct memory_reservation *line = type->reservations; line != NULL;
         line = line->next_of_type) {
        if (line->row.status == RESERVATION_ACTIVE) {
            sums.active_quantity += line->row.quantity;
            sums.active_count++;
        } else if (line->row.status == RESERVATION_COMPLETED) {
            sums.sold_quantity += line->row.quantity - line->row.refunded_quantity;
        }
    }
    return sums;
}

static enum error read_sums(struct store_reader *reader, struct uuid ticket_type_id,
                            struct arena *arena, struct type_sums *sums, struct failure *failure) {
    (void)arena;
    struct memory_store *store = memory_reading(reader);
    const struct memory_type *type = memory_type(store, ticket_type_id);
    if (type != NULL) {
        *sums = sums_of(type);
    }
    return memory_read(store, type == NULL ? ERROR_NOT_FOUND : ERROR_NONE, failure);
}

static enum error read_type_heads(struct store_reader *reader, const struct uuid *ids, size_t count,
                                  struct arena *arena, struct page *page, struct failure *failure) {
    struct memory_store *store = memory_reading(reader);
    struct type_head *heads = arena_array(arena, struct type_head, count);
    if (heads == NULL) {
        return memory_read(store, ERROR_MEMORY, failure);
    }
    *page = (struct page){.rows = heads, .as_of = clock_now(store->clock)};
    for (size_t i = 0; i < count; i++) {
        const struct memory_type *type = memory_type(store, ids[i]);
        if (type != NULL) {
            heads[page->count++] = (struct type_head){
                .id = ids[i],
                .audit_seq = type->row.audit_seq,
                .settings_version = type->row.settings_version,
                .event_version = type->event->row.version,
                .event_is_public =
                    type->event->row.published && instant_is_none(type->event->row.archived_at),
            };
        }
    }
    return memory_read(store, ERROR_NONE, failure);
}

enum error memory_open_reader(struct store *store, struct store_reader **reader,
                              struct failure *failure) {
    static const struct store_reader_operations operations = {
        .close = reader_close,
        .venue = read_venue,
        .venues = memory_list_venues,
        .event = read_event,
        .events = memory_list_events,
        .type = read_type,
        .types = memory_list_types,
        .inventory = read_inventory,
        .reservation = read_reservation,
        .cart = read_cart,
        .reservations = memory_list_reservations,
        .sales = memory_list_sales,
        .audit_log = memory_list_audit_log,
        .history = read_history,
        .entries = read_entries,
        .sums = read_sums,
        .shifts = memory_list_shifts,
        .shift_sums = memory_read_shift_sums,
        .api_keys = memory_list_api_keys,
        .staff = memory_list_staff,
        .sessions = memory_list_sessions,
        .due_types = memory_list_due_types,
        .type_heads = read_type_heads,
        .sold = memory_read_sold,
        .adjusted = memory_read_adjusted,
    };
    struct memory_reader *made = malloc(sizeof *made);
    if (made == NULL) {
        return failure_set(failure, ERROR_MEMORY, "no memory for a reader");
    }
    *made = (struct memory_reader){.port = {&operations}, .store = (struct memory_store *)store};
    *reader = &made->port;
    return ERROR_NONE;
}
