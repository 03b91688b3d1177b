/* The lists: every row of a kind is looked at, those that match are sorted, one page is copied. */
#include <stdlib.h>

#include "base/check.h"
#include "store/filter.h"
#include "store/memory/reader.h"

/* A row and what it is ordered by: `at`, `name`, `id`, `seq`, as far as the list uses them. */
struct ranked {
    struct list_position position;
    struct text name;
    const void *row;
};

struct listing {
    struct memory_store *store;
    const struct list_query *query;
    struct instant now;
    bool newest_first;
    struct ranked *list;
    size_t count, capacity;
};

static struct listing listing_begin(struct store_reader *reader, const struct list_query *query) {
    struct memory_store *store = memory_reading(reader);
    return (struct listing){.store = store, .query = query, .now = clock_now(store->clock)};
}

static struct ranked *listing_add(struct listing *listing, const void *row) {
    if (listing->count == listing->capacity) {
        listing->capacity = listing->capacity == 0 ? 64 : listing->capacity * 2;
        listing->list = realloc(listing->list, listing->capacity * sizeof *listing->list);
        ensure(listing->list != NULL);
    }
    struct ranked *ranked = &listing->list[listing->count++];
    *ranked = (struct ranked){.position = {.set = true}, .row = row};
    return ranked;
}

static int compare_names(struct text a, struct text b) {
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter == 0 ? 0 : memcmp(a.bytes, b.bytes, shorter);
    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

static int compare_ascending(const void *a, const void *b) {
    const struct ranked *left = a;
    const struct ranked *right = b;
    int order = (left->position.at.us > right->position.at.us) -
                (left->position.at.us < right->position.at.us);
    if (order == 0) {
        order = compare_names(left->name, right->name);
    }
    if (order == 0) {
        order = uuid_compare(left->position.id, right->position.id);
    }
    if (order == 0) {
        order =
            (left->position.seq > right->position.seq) - (left->position.seq < right->position.seq);
    }
    return order;
}

static int compare_descending(const void *a, const void *b) {
    return compare_ascending(b, a);
}

/* Copies the page's rows, `size` bytes each (the first thing behind a pointer to it), and ends the
 * read. `after_name`: of the row at which the page begins. */
static enum error listing_end(struct listing *listing, size_t size, struct text after_name,
                              struct arena *arena, struct page *page, struct failure *failure) {
    int (*compare)(const void *, const void *) =
        listing->newest_first ? compare_descending : compare_ascending;
    if (listing->count > 1) {
        qsort(listing->list, listing->count, sizeof *listing->list, compare);
    }
    struct ranked after = {.position = listing->query->after, .name = after_name};
    size_t first = 0;
    while (after.position.set && first < listing->count &&
           compare(&listing->list[first], &after) <= 0) {
        first++;
    }
    size_t left = listing->count - first;
    size_t count = left < listing->query->limit ? left : listing->query->limit;
    char *rows = arena_take_array(arena, count + 1, size);
    for (size_t i = 0; rows != NULL && i < count; i++) {
        memcpy(rows + i * size, listing->list[first + i].row, size);
    }
    if (rows != NULL) {
        *page = (struct page){.rows = rows, .count = count, .as_of = listing->now};
        if (left > count) {
            page->next = listing->list[first + count - 1].position;
        }
    }
    free(listing->list);
    return memory_read(listing->store, rows == NULL ? ERROR_MEMORY : ERROR_NONE, failure);
}

/* --- the lists --- */

enum error memory_list_venues(struct store_reader *reader, const struct list_query *query,
                              struct arena *arena, struct page *page, struct failure *failure) {
    struct listing listing = listing_begin(reader, query);
    const struct memory_venue *venue;
    for (venue = listing.store->venues; venue != NULL; venue = venue->next) {
        if (filter_takes_venue(&query->filter, &venue->row)) {
            struct ranked *ranked = listing_add(&listing, &venue->row);
            ranked->name = venue->row.name;
            ranked->position.id = venue->row.id;
        }
    }
    venue = query->after.set ? memory_venue(listing.store, query->after.id) : NULL;
    return listing_end(&listing, sizeof venue->row, venue == NULL ? TEXT_NONE : venue->row.name,
                       arena, page, failure);
}

enum error memory_list_events(struct store_reader *reader, const struct list_query *query,
                              struct arena *arena, struct page *page, struct failure *failure) {
    struct listing listing = listing_begin(reader, query);
    listing.newest_first = query->filter.when == WHEN_PAST;
    const struct memory_event *event;
    for (event = listing.store->events; event != NULL; event = event->next) {
        const struct event *row = &event->row;
        if (filter_takes_event(&query->filter, row, listing.now)) {
            struct ranked *ranked = listing_add(&listing, row);
            ranked->position.at = row->start_date;
            ranked->position.id = row->id;
        }
    }
    return listing_end(&listing, sizeof event->row, TEXT_NONE, arena, page, failure);
}

enum error memory_list_types(struct store_reader *reader, const struct list_query *query,
                             struct arena *arena, struct page *page, struct failure *failure) {
    struct listing listing = listing_begin(reader, query);
    for (const struct memory_type *type = listing.store->types; type != NULL; type = type->next) {
        const struct type_reading read = memory_type_reading(type, listing.now);
        if (filter_takes_type(&query->filter, &read)) {
            struct type_reading *reading = arena_new(arena, struct type_reading);
            if (reading == NULL) {
                free(listing.list);
                return memory_read(listing.store, ERROR_MEMORY, failure);
            }
            *reading = read;
            listing_add(&listing, reading)->position.id = read.row.id;
        }
    }
    return listing_end(&listing, sizeof(struct type_reading), TEXT_NONE, arena, page, failure);
}

enum error memory_list_reservations(struct store_reader *reader, const struct list_query *query,
                                    struct arena *arena, struct page *page,
                                    struct failure *failure) {
    struct listing listing = listing_begin(reader, query);
    listing.newest_first = true;
    const struct memory_reservation *line;
    for (const struct memory_type *type = listing.store->types; type != NULL; type = type->next) {
        for (line = type->reservations; line != NULL; line = line->next_of_type) {
            if (filter_takes_reservation(&query->filter, &line->row, listing.now)) {
                listing_add(&listing, &line->row)->position.id = line->row.id;
            }
        }
    }
    return listing_end(&listing, sizeof line->row, TEXT_NONE, arena, page, failure);
}

enum error memory_list_sales(struct store_reader *reader, const struct list_query *query,
                             struct arena *arena, struct page *page, struct failure *failure) {
    struct listing listing = listing_begin(reader, query);
    listing.newest_first = true;
    const struct memory_reservation *line;
    for (const struct memory_type *type = listing.store->types; type != NULL; type = type->next) {
        for (line = type->reservations; line != NULL; line = line->next_of_type) {
            if (filter_takes_sale(&query->filter, &line->row, listing.now)) {
                struct ranked *ranked = listing_add(&listing, &line->row);
                ranked->position.at = line->row.completed_at;
                ranked->position.id = line->row.id;
            }
        }
    }
    return listing_end(&listing, sizeof line->row, TEXT_NONE, arena, page, failure);
}

static bool is_of_cart(const struct memory_store *store, struct uuid reservation_id,
                       struct uuid cart_id) {
    const struct memory_reservation *line = memory_reservation(store, reservation_id);
    return line != NULL && uuid_equals(line->row.cart_id, cart_id);
}

static bool entry_fits(const struct listing *listing, const struct audit_entry *entry) {
    const struct list_filter *filter = &listing->query->filter;
    return filter_takes_entry(filter, entry) &&
           (uuid_is_none(filter->cart_id) ||
            is_of_cart(listing->store, entry->reservation_id, filter->cart_id));
}

enum error memory_list_audit_log(struct store_reader *reader, const struct list_query *query,
                                 struct arena *arena, struct page *page, struct failure *failure) {
    struct listing listing = listing_begin(reader, query);
    listing.newest_first = true;
    for (const struct memory_type *type = listing.store->types; type != NULL; type = type->next) {
        for (size_t i = 0; i < type->entries.count; i++) {
            const struct audit_entry *entry = type->entries.list[i];
            if (entry_fits(&listing, entry)) {
                struct ranked *ranked = listing_add(&listing, entry);
                ranked->position.at = entry->created_at;
                ranked->position.id = entry->ticket_type_id;
                ranked->position.seq = entry->seq;
            }
        }
    }
    return listing_end(&listing, sizeof(struct audit_entry), TEXT_NONE, arena, page, failure);
}

enum error memory_list_api_keys(struct store_reader *reader, struct arena *arena, struct page *page,
                                struct failure *failure) {
    static const struct list_query all = {.limit = SIZE_MAX / 2};
    struct listing listing = listing_begin(reader, &all);
    listing.newest_first = true;
    const struct memory_api_key *key;
    for (key = listing.store->api_keys; key != NULL; key = key->next) {
        struct ranked *ranked = listing_add(&listing, &key->row);
        ranked->position.at = key->row.created_at;
        ranked->position.id = key->row.id;
    }
    return listing_end(&listing, sizeof key->row, TEXT_NONE, arena, page, failure);
}

enum error memory_list_due_types(struct store_reader *reader, struct uuid after, size_t limit,
                                 struct arena *arena, struct page *page, struct failure *failure) {
    struct list_query query = {.after = {.set = !uuid_is_none(after), .id = after}, .limit = limit};
    struct listing listing = listing_begin(reader, &query);
    for (const struct memory_type *type = listing.store->types; type != NULL; type = type->next) {
        const struct memory_rows *active = &type->active;
        const struct memory_reservation *first = active->count == 0 ? NULL : active->list[0];
        if (first != NULL && !instant_before(listing.now, first->row.expires_at)) {
            listing_add(&listing, &type->row.id)->position.id = type->row.id;
        }
    }
    return listing_end(&listing, sizeof(struct uuid), TEXT_NONE, arena, page, failure);
}

static bool copy_shift(const struct memory_shift *kept, struct arena *arena,
                       struct shift_reading **reading) {
    struct shift_total *totals = arena_array(arena, struct shift_total, kept->totals_count + 1);
    *reading = arena_new(arena, struct shift_reading);
    if (totals == NULL || *reading == NULL) {
        return false;
    }
    memcpy(totals, kept->totals, kept->totals_count * sizeof *totals);
    **reading = (struct shift_reading){kept->row, totals, kept->totals_count};
    return true;
}

enum error memory_list_shifts(struct store_reader *reader, const struct list_query *query,
                              struct arena *arena, struct page *page, struct failure *failure) {
    struct listing listing = listing_begin(reader, query);
    listing.newest_first = true;
    for (const struct memory_shift *shift = listing.store->shifts; shift != NULL;
         shift = shift->next) {
        struct shift_reading *reading;
        if (!filter_takes_shift(&query->filter, &shift->row)) {
            continue;
        }
        if (!copy_shift(shift, arena, &reading)) {
            free(listing.list);
            return memory_read(listing.store, ERROR_MEMORY, failure);
        }
        listing_add(&listing, reading)->position.id = shift->row.id;
    }
    return listing_end(&listing, sizeof(struct shift_reading), TEXT_NONE, arena, page, failure);
}
