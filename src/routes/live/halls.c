#include "routes/live/halls.h"

#include "store/reader.h"

enum {
    READS_PER_ROUND_MAX = 64, /* a reading takes a third of a millisecond */
    READ_BYTES_MAX = 4 * 1024 * 1024,
    READ_AGAIN_US = 1000 * 1000, /* where the store is away */
    FRESH_MAX = 500,             /* entries of one type in a fifth of a second */
};

void halls_init(struct halls *halls, struct live_inbox *inbox) {
    halls->inbox = inbox;
    halls->due_us = halls->look_us = INT64_MAX;
    arena_init(&halls->fresh, READ_BYTES_MAX);
}

void halls_finish(struct halls *halls) {
    if (halls->reader != NULL) {
        store_reader_close(halls->reader);
    }
    arena_finish(&halls->fresh);
}

struct hall *halls_next(const struct halls *halls, const struct hall *hall) {
    size_t slot = 0;
    if (hall != NULL) {
        if (hall->next != NULL) {
            return hall->next;
        }
        slot = uuid_hash(hall->event_id) % HALLS_SLOTS + 1;
    }
    while (slot < HALLS_SLOTS && halls->slots[slot] == NULL) {
        slot++;
    }
    return slot < HALLS_SLOTS ? halls->slots[slot] : NULL;
}

static struct hall **place_of_hall(struct halls *halls, struct uuid event_id) {
    struct hall **at = &halls->slots[uuid_hash(event_id) % HALLS_SLOTS];
    while (*at != NULL && !uuid_equals((*at)->event_id, event_id)) {
        at = &(*at)->next;
    }
    return at;
}

static void stir(struct halls *halls, struct hall *hall) {
    if (!hall->is_stirred) {
        hall->is_stirred = true;
        hall->next_stirred = halls->stirred;
        halls->stirred = hall;
    }
}

static void take_event(struct halls *halls, struct hall *hall, const struct counts_entry *entry) {
    if (hall_take_event(hall, entry)) {
        hall_show_again(hall, halls->round);
        stir(halls, hall);
    }
}

static void take_entry(struct halls *halls, struct hall *hall, const struct counts_entry *entry,
                       int64_t now_us) {
    if (hall_take(hall, entry, now_us)) {
        const struct topic *topic = hall_topic(hall, entry->ticket_type_id);
        halls->due_us = topic->due_us < halls->due_us ? topic->due_us : halls->due_us;
        stir(halls, hall);
    }
}

/* All of an event, from the store. False: it is not to be had. */
static bool read_hall(struct halls *halls, struct hall *hall, int64_t now_us) {
    struct arena arena;
    struct event event;
    struct page types;
    struct failure failure;
    arena_init(&arena, READ_BYTES_MAX);
    bool is_read =
        halls->reader != NULL && reader_inventory(halls->reader, hall->event_id, &arena, &event,
                                                  &types, &failure) == ERROR_NONE;
    if (is_read) {
        const struct type_reading *list = types.rows;
        struct counts_entry about = {
            .event_id = event.id,
            .event_version = event.version,
            .event_is_public = event.published && instant_is_none(event.archived_at),
            .as_of = types.as_of,
        };
        take_event(halls, hall, &about);
        for (size_t i = 0; i < types.count; i++) {
            struct counts_entry entry = counts_entry_of(&list[i]);
            take_entry(halls, hall, &entry, now_us);
        }
        hall->read_us = now_us;
    }
    arena_finish(&arena);
    return is_read;
}

/* So that other servers' commits are asked for. */
static void watch_types(struct halls *halls, const struct hall *hall) {
    for (size_t i = 0; i < hall->count && halls->board != NULL; i++) {
        counts_board_watch(halls->board, hall->topics[i].newest.ticket_type_id);
    }
}

void halls_leave(struct halls *halls, struct hall *hall) {
    *place_of_hall(halls, hall->event_id) = hall->next;
    for (struct hall **stirred = &halls->stirred; *stirred != NULL;) {
        if (*stirred == hall) {
            *stirred = hall->next_stirred;
        } else {
            stirred = &(*stirred)->next_stirred;
        }
    }
    hall_destroy(hall);
    halls->some_left = true;
}

/* News from now on comes in, and what came before is read: in this order, so that nothing is
 * missed. */
struct hall *halls_enter(struct halls *halls, struct uuid event_id, int64_t now_us) {
    struct hall **at = place_of_hall(halls, event_id);
    if (*at != NULL) {
        return *at;
    }
    struct hall *hall = hall_create(event_id);
    if (hall == NULL) {
        return NULL;
    }
    *at = hall;
    live_inbox_watch(halls->inbox, event_id);
    if (!read_hall(halls, hall, now_us)) {
        halls_leave(halls, hall);
        return NULL;
    }
    hall_settle(hall);
    watch_types(halls, hall);
    return hall;
}

/* --- news ------------------------------------------------------------------------------------ */

void halls_take(struct halls *halls, const struct live_arrivals *arrivals, int64_t now_us) {
    halls->reads_left = READS_PER_ROUND_MAX;
    for (size_t i = 0; i < arrivals->news_count; i++) {
        const struct counts_entry *entry = &arrivals->news[i];
        struct hall *hall = *place_of_hall(halls, entry->event_id);
        if (hall != NULL) {
            take_event(halls, hall, entry);
        }
        if (hall != NULL && !uuid_is_none(entry->ticket_type_id)) {
            take_entry(halls, hall, entry, now_us);
        }
    }
    struct hall *hall = arrivals->news_lost ? halls_next(halls, NULL) : NULL;
    for (; hall != NULL; hall = halls_next(halls, hall)) {
        (void)read_hall(halls, hall, now_us); /* if it fails, what comes next says it all again */
    }
}

/* --- what runs out ---------------------------------------------------------------------------- */

/* One type whose reservations have run out: the store says what is left of them. */
static void read_due(struct halls *halls, struct hall *hall, struct topic *topic, int64_t now_us) {
    struct arena arena;
    struct type_reading reading;
    struct failure failure;
    arena_init(&arena, READ_BYTES_MAX);
    struct uuid id = topic->newest.ticket_type_id;
    topic->read_us = now_us;
    topic->due_us = now_us + READ_AGAIN_US; /* where it cannot be read */
    if (halls->reads_left > 0 &&
        reader_type(halls->reader, id, &arena, &reading, &failure) == ERROR_NONE) {
        halls->reads_left--;
        struct counts_entry entry = counts_entry_of(&reading);
        take_entry(halls, hall, &entry, now_us);
    }
    arena_finish(&arena);
}

/* Whatever runs out, it is not read more often than it is shown. */
static int64_t may_be_read_us(const struct topic *topic) {
    int64_t earliest_us = topic->read_us + SHOW_EVERY_US;
    return topic->due_us > earliest_us ? topic->due_us : earliest_us;
}

void halls_read_due(struct halls *halls, int64_t now_us) {
    if (now_us < halls->due_us) {
        return;
    }
    int64_t due_us = INT64_MAX;
    for (struct hall *hall = halls_next(halls, NULL); hall != NULL;
         hall = halls_next(halls, hall)) {
        for (size_t k = 0; k < hall->count; k++) {
            struct topic *topic = &hall->topics[k];
            if (may_be_read_us(topic) <= now_us && halls->reads_left > 0) {
                read_due(halls, hall, topic, now_us);
            }
            int64_t next_us = may_be_read_us(topic);
            due_us = next_us < due_us ? next_us : due_us;
        }
    }
    halls->due_us = due_us;
}

/* --- showing -----------------------------------------------------------------------------------
 */

/* The entries that came since the last ones were shown, up to where the counts are: the counts are
 * never behind the log. */
static void read_fresh(void *context, struct hall *hall, struct topic *topic) {
    struct halls *halls = context;
    int64_t since = topic->logged_seq, until = topic->newest.audit_seq;
    topic->logged_seq = until;
    if (hall->log_seats == 0 || until <= since) {
        return;
    }
    struct page page = {.count = 0};
    struct failure failure;
    struct fresh_entry *fresh = NULL;
    topic->fresh_is_lost =
        until - since > FRESH_MAX ||
        reader_entries(halls->reader, topic->newest.ticket_type_id, since, (size_t)(until - since),
                       &halls->fresh, &page, &failure) != ERROR_NONE ||
        (fresh = arena_array(&halls->fresh, struct fresh_entry, page.count)) == NULL;
    const struct audit_entry *entries = page.rows;
    for (size_t i = 0; i < page.count && !topic->fresh_is_lost && entries[i].seq <= until; i++) {
        fresh[i] = (struct fresh_entry){entries[i].seq,
                                        live_entry(&entries[i], halls->names, &halls->fresh)};
        topic->fresh_is_lost = text_is_absent(fresh[i].json);
        topic->fresh_count = i + 1;
    }
    topic->fresh = fresh;
}

int64_t halls_show(struct halls *halls, int64_t now_us) {
    struct hall *stirred = halls->stirred;
    int64_t first_us = INT64_MAX;
    halls->stirred = NULL;
    for (struct hall *next, *hall = stirred; hall != NULL; hall = next) {
        int64_t next_us;
        next = hall->next_stirred;
        hall_show(hall, halls->round, now_us, &next_us, read_fresh, halls);
        hall->is_stirred = false;
        if (next_us != INT64_MAX) {
            stir(halls, hall);
        }
        first_us = next_us < first_us ? next_us : first_us;
    }
    return first_us;
}

void halls_showed(struct halls *halls) {
    for (struct hall *hall = halls_next(halls, NULL); hall != NULL;
         hall = halls_next(halls, hall)) {
        for (size_t i = 0; i < hall->count && hall->round == halls->round; i++) {
            hall->topics[i].fresh = NULL;
            hall->topics[i].fresh_count = 0;
            hall->topics[i].fresh_is_lost = false;
        }
    }
    arena_reset(&halls->fresh);
}

/* --- other servers ------------------------------------------------------------------------- */

static struct hall *least_lately_read(const struct halls *halls, size_t *count) {
    struct hall *least = NULL;
    *count = 0;
    for (struct hall *hall = halls_next(halls, NULL); hall != NULL;
         hall = halls_next(halls, hall)) {
        least = least == NULL || hall->read_us < least->read_us ? hall : least;
        (*count)++;
    }
    return least;
}

void halls_look(struct halls *halls, int64_t now_us) {
    if (halls->board == NULL || now_us < halls->look_us) {
        return;
    }
    halls->look_us = now_us + HALLS_LOOK_EVERY_US;
    for (size_t reads = 0;; reads++) {
        size_t count;
        struct hall *hall = least_lately_read(halls, &count);
        size_t most = count / HALLS_LOOKS_FOR_ALL + 1;
        most = most < HALLS_READ_AT_ONCE ? HALLS_READ_AT_ONCE : most;
        most = most < READS_PER_ROUND_MAX ? most : READS_PER_ROUND_MAX;
        if (hall == NULL || reads == most || now_us - hall->read_us < HALL_READ_EVERY_US) {
            break;
        }
        (void)read_hall(halls, hall, now_us); /* or the next time */
        hall->read_us = now_us;
        watch_types(halls, hall);
    }
}

/* --- once a second --------------------------------------------------------------------------- */

void halls_keep(struct halls *halls) {
    struct live_watched watched = {{0}};
    for (struct hall *hall = halls_next(halls, NULL); hall != NULL;
         hall = halls_next(halls, hall)) {
        live_watched_add(&watched, hall->event_id);
        watch_types(halls, hall);
    }
    if (halls->some_left) {
        live_inbox_watch_only(halls->inbox, &watched);
        halls->some_left = false;
    }
}
