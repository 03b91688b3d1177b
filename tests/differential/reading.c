#include "reading.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"
#include "same.h"

enum { SAMPLE_EVERY = 20 }; /* of the reservations, one by one */

bool reading_type(struct reading *reading, struct uuid type) {
    return same_answer(reading, "entries", ask_entries, &type) &&
           same_answer(reading, "sums", ask_sums, &type);
}

struct ids {
    struct uuid *list;
    size_t count, capacity;
};

static void keep_id(struct ids *ids, struct uuid id) {
    if (ids->count > 0 && uuid_equals(ids->list[ids->count - 1], id)) {
        return;
    }
    if (ids->count == ids->capacity) {
        ids->capacity = ids->capacity == 0 ? 1024 : ids->capacity * 2;
        ids->list = realloc(ids->list, ids->capacity * sizeof *ids->list);
        require(ids->list != NULL);
    }
    ids->list[ids->count++] = id;
}

static void keep_event(void *context, const void *row) {
    keep_id(context, ((const struct event *)row)->id);
}

static void keep_type(void *context, const void *row) {
    keep_id(context, ((const struct type_reading *)row)->row.id);
}

struct found {
    struct ids carts, sample;
    size_t seen;
};

static void keep_reservation(void *context, const void *row) {
    struct found *found = context;
    const struct reservation *reservation = row;
    if (!uuid_is_none(reservation->cart_id)) {
        keep_id(&found->carts, reservation->cart_id);
    }
    if (found->seen++ % SAMPLE_EVERY == 0) {
        keep_id(&found->sample, reservation->id);
    }
}

static bool same_each(struct reading *reading, const char *name, asker *ask,
                      const struct ids *ids) {
    bool same = true;
    for (size_t i = 0; same && i < ids->count; i++) {
        same = same_answer(reading, name, ask, &ids->list[i]);
    }
    return same;
}

static bool same_histories(struct reading *reading, struct random *random,
                           const struct ids *types) {
    bool same = true;
    for (size_t i = 0; same && i < types->count; i++) {
        struct page last;
        struct house *house = &reading->houses[0];
        arena_reset(&house->arena);
        require(reader_entries(house->reader, types->list[i], 0, LIST_LIMIT_MAX, &house->arena,
                               &last, NULL) == ERROR_NONE);
        if (last.count == 0) {
            continue;
        }
        const struct audit_entry *entry =
            (const struct audit_entry *)last.rows + random_below(random, (uint32_t)last.count);
        const struct moment moment = {entry->ticket_type_id,
                                      {entry->created_at.us - (int64_t)random_below(random, 2)}};
        same = same_answer(reading, "history", ask_history, &moment);
    }
    return same;
}

static bool same_rows(struct reading *reading, struct random *random) {
    struct list_query all = same_query(LIST_LIMIT_MAX), past = all;
    struct ids events = {.count = 0}, types = {.count = 0};
    struct found found = {.seen = 0};
    past.filter.when = WHEN_PAST;
    bool same = same_list(reading, LIST_VENUES, &all, UINT64_MAX, NULL, NULL) &&
                same_list(reading, LIST_EVENTS, &all, UINT64_MAX, keep_event, &events) &&
                same_list(reading, LIST_EVENTS, &past, UINT64_MAX, NULL, NULL) &&
                same_list(reading, LIST_TYPES, &all, UINT64_MAX, keep_type, &types) &&
                same_list(reading, LIST_RESERVATIONS, &all, UINT64_MAX, keep_reservation, &found) &&
                same_list(reading, LIST_SALES, &all, UINT64_MAX, NULL, NULL) &&
                same_list(reading, LIST_LOG, &all, UINT64_MAX, NULL, NULL) &&
                same_list(reading, LIST_SHIFTS, &all, UINT64_MAX, NULL, NULL) &&
                same_each(reading, "event and inventory", ask_event, &events) &&
                same_each(reading, "sums", ask_sums, &types) &&
                same_each(reading, "entries", ask_entries, &types) &&
                same_each(reading, "cart", ask_cart, &found.carts) &&
                same_each(reading, "reservation", ask_reservation, &found.sample) &&
                same_histories(reading, random, &types);
    free(events.list);
    free(types.list);
    free(found.carts.list);
    free(found.sample.list);
    return same;
}

/* Each house is clean, and looked at as much as the first. */
static bool verifies(struct reading *reading) {
    struct telling first = {.bytes = NULL};
    bool all = true;
    for (size_t i = 0; all && i < reading->count; i++) {
        struct telling telling = {.bytes = NULL};
        arena_reset(&reading->houses[i].arena);
        enum error error = ask_verify(&reading->houses[i], NULL, &telling);
        int used = snprintf(reading->excerpt, reading->excerpt_size, "verify of %s (%s): %.*s\n",
                            reading->houses[i].name, error_name(error),
                            telling.length < 1000 ? (int)telling.length : 1000, telling.bytes);
        all = error == ERROR_NONE &&
              (i == 0 || !telling_differs(&first, &telling, reading->excerpt + used,
                                          reading->excerpt_size - (size_t)used));
        if (i == 0) {
            first = telling;
        } else {
            telling_finish(&telling);
        }
    }
    telling_finish(&first);
    return all;
}

bool reading_all(struct reading *reading, struct random *random) {
    return same_rows(reading, random) && same_answer(reading, "API keys", ask_api_keys, NULL) &&
           same_answer(reading, "types with something due", ask_due_types, NULL) &&
           verifies(reading);
}
