#include "routes/feed.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/log.h"
#include "base/thread.h"
#include "store/reader.h"

enum {
    NEWS_MAX = 4096, /* half a megabyte */
    HALLS_SLOTS = 1024,
    WATCHED_BITS = 64 * 1024,
    READS_PER_ROUND_MAX = 64, /* a reading takes a third of a millisecond */
    SCRATCH_BYTES_MAX = 4 * 1024 * 1024,
    FRESH_MAX = 500, /* entries of one type in a fifth of a second; more is for the log itself */
    HOUSEKEEPING_EVERY_US = 1000 * 1000,
    BUCKETS = 1 << 16,
    NO_BUCKET = 0,
};

struct inbox {
    pthread_mutex_t lock;
    pthread_cond_t came;
    struct counts_entry *news, *spare; /* NEWS_MAX each */
    size_t news_count;
    bool news_lost, is_woken, is_stopping;
    struct viewer *joins, **joins_end; /* by `next` */
    struct viewer *told;
};

struct feed {
    struct feed_options with;
    struct counts_board *board; /* NULL: there are no other servers */
    struct inbox inbox;
    pthread_t thread;
    bool has_started;
    atomic_uint_fast64_t streams, events;
    atomic_uint_fast16_t clients[BUCKETS];
    atomic_uint_fast64_t watched[WATCHED_BITS / 64]; /* by the events' hashes; may say too much */

    /* The thread's own. */
    struct store_reader *reader; /* opened for the first stream */
    struct hall *halls[HALLS_SLOTS];
    struct hall *stirred;
    struct viewer *viewers, *doomed; /* doomed: their streams are to be ended in this round */
    struct live_wire wire;
    struct arena scratch, fresh;
    uint64_t round;
    int64_t due_us;          /* when the first type runs out, or before */
    int64_t show_us;         /* when there is more to show */
    int64_t housekeeping_us; /* when it is due again */
    size_t reads_left;
    int64_t behind_us; /* when those who are behind are looked after; INT64_MAX: nobody is */
    bool halls_left;   /* since the bits of `watched` were made */
};

static int64_t feed_us(const struct feed *feed) {
    return feed->with.monotonic_us == NULL ? monotonic_us() : feed->with.monotonic_us();
}

/* --- the inbox ---------------------------------------------------------------------------- */

static uint64_t bit_of(struct uuid event_id, size_t *word) {
    uint64_t hash = uuid_hash(event_id);
    *word = hash / 64 % (WATCHED_BITS / 64);
    return UINT64_C(1) << hash % 64;
}

static bool is_watched(const struct feed *feed, struct uuid event_id) {
    size_t word;
    uint64_t bit = bit_of(event_id, &word);
    return (atomic_load(&feed->watched[word]) & bit) != 0;
}

/* With the lock. */
static void wake(struct inbox *inbox) {
    if (!inbox->is_woken) {
        inbox->is_woken = true;
        pthread_cond_signal(&inbox->came);
    }
}

static void put_news(struct feed *feed, const struct counts_entry *entry) {
    struct inbox *inbox = &feed->inbox;
    if (!is_watched(feed, entry->event_id)) {
        return;
    }
    pthread_mutex_lock(&inbox->lock);
    if (inbox->news_count < NEWS_MAX) {
        inbox->news[inbox->news_count++] = *entry;
    } else {
        inbox->news_lost = true;
    }
    wake(inbox);
    pthread_mutex_unlock(&inbox->lock);
}

void feed_on_reading(void *context, const struct counts_entry *entry) {
    put_news(context, entry);
}

void feed_on_commit(struct feed *feed, const struct world *world) {
    for (const struct world_event *event = world->events; event != NULL; event = event->next) {
        if (event->state == ROW_CHANGED) {
            struct counts_entry entry = {
                .event_id = event->row.id,
                .event_version = event->row.version,
                .event_is_public = event->row.published && instant_is_none(event->row.archived_at),
                .as_of = world->now,
            };
            put_news(feed, &entry);
        }
    }
    for (const struct world_type *type = world->types; type != NULL; type = type->next) {
        if (type->state != ROW_LOADED && type->event != NULL && type->fault == NULL) {
            struct counts_entry entry = counts_entry_committed(type, world->now);
            put_news(feed, &entry);
        }
    }
}

bool feed_enter(struct feed *feed, struct text principal, uint16_t *bucket) {
    static const unsigned char key[crypto_shorthash_KEYBYTES] = "ticketd streams";
    unsigned char hash[crypto_shorthash_BYTES];
    *bucket = NO_BUCKET;
    if (!text_is_absent(principal)) {
        crypto_shorthash(hash, (const unsigned char *)principal.bytes, principal.length, key);
        *bucket = (uint16_t)(1 + (hash[0] | hash[1] << 8) % (BUCKETS - 1));
    }
    uint64_t streams = atomic_fetch_add(&feed->streams, 1);
    uint64_t of_client = *bucket == NO_BUCKET ? 0 : atomic_fetch_add(&feed->clients[*bucket], 1);
    if (streams < feed->with.streams_max && of_client < STREAMS_PER_CLIENT_MAX) {
        return true;
    }
    feed_leave(feed, *bucket);
    return false;
}

void feed_leave(struct feed *feed, uint16_t bucket) {
    atomic_fetch_sub(&feed->streams, 1);
    if (bucket != NO_BUCKET) {
        atomic_fetch_sub(&feed->clients[bucket], 1);
    }
}

/* With the lock. Of a stream that has not joined it is heard when it does. */
static void list_told(struct inbox *inbox, struct viewer *viewer) {
    if (viewer->told.has_joined && !viewer->told.is_listed && !viewer->told.over) {
        viewer->told.is_listed = true;
        viewer->told.next = inbox->told;
        inbox->told = viewer;
        wake(inbox);
    }
}

void feed_join(struct feed *feed, struct viewer *viewer) {
    struct inbox *inbox = &feed->inbox;
    pthread_mutex_lock(&inbox->lock);
    viewer->next = NULL;
    *inbox->joins_end = viewer;
    inbox->joins_end = &viewer->next;
    viewer->told.has_joined = true;
    if (viewer->told.left || viewer->told.stops) {
        list_told(inbox, viewer);
    }
    wake(inbox);
    pthread_mutex_unlock(&inbox->lock);
}

void feed_on_stream(void *context, enum http_stream_event event) {
    struct viewer *viewer = context;
    struct feed *feed = viewer->feed;
    struct inbox *inbox = &feed->inbox;
    if (event == HTTP_STREAM_OVER) {
        feed_leave(feed, viewer->bucket);
        return;
    }
    pthread_mutex_lock(&inbox->lock);
    viewer->told.left |= event == HTTP_STREAM_GONE || event == HTTP_STREAM_MUTE;
    viewer->told.stops |= event == HTTP_STREAM_STOP;
    list_told(inbox, viewer);
    pthread_mutex_unlock(&inbox->lock);
}

/* --- halls --------------------------------------------------------------------------------- */

static struct hall **place_of_hall(struct feed *feed, struct uuid event_id) {
    struct hall **at = &feed->halls[uuid_hash(event_id) % HALLS_SLOTS];
    while (*at != NULL && !uuid_equals((*at)->event_id, event_id)) {
        at = &(*at)->next;
    }
    return at;
}

static void stir(struct feed *feed, struct hall *hall) {
    if (!hall->is_stirred) {
        hall->is_stirred = true;
        hall->next_stirred = feed->stirred;
        feed->stirred = hall;
    }
}

static void take_event(struct feed *feed, struct hall *hall, const struct counts_entry *entry) {
    if (hall_take_event(hall, entry)) {
        hall_show_again(hall, feed->round);
        stir(feed, hall);
    }
}

static void take_entry(struct feed *feed, struct hall *hall, const struct counts_entry *entry,
                       int64_t now_us) {
    if (hall_take(hall, entry, now_us)) {
        const struct topic *topic = hall_topic(hall, entry->ticket_type_id);
        feed->due_us = topic->due_us < feed->due_us ? topic->due_us : feed->due_us;
        stir(feed, hall);
    }
}

/* All of an event, from the store. False: it is not to be had. */
static bool read_hall(struct feed *feed, struct hall *hall) {
    struct arena arena;
    struct event event;
    struct page types;
    struct failure failure;
    arena_init(&arena, SCRATCH_BYTES_MAX);
    bool is_read = feed->reader != NULL && reader_inventory(feed->reader, hall->event_id, &arena,
                                                            &event, &types, &failure) == ERROR_NONE;
    if (is_read) {
        const struct type_reading *list = types.rows;
        struct counts_entry about = {
            .event_id = event.id,
            .event_version = event.version,
            .event_is_public = event.published && instant_is_none(event.archived_at),
            .as_of = types.as_of,
        };
        take_event(feed, hall, &about);
        for (size_t i = 0; i < types.count; i++) {
            struct counts_entry entry = counts_entry_of(&list[i]);
            take_entry(feed, hall, &entry, feed_us(feed));
        }
        hall->read_us = feed_us(feed);
    }
    arena_finish(&arena);
    return is_read;
}

/* News from now on comes in, and what came before is read: in this order, so that nothing is
 * missed. */
static struct hall *enter_hall(struct feed *feed, struct uuid event_id) {
    struct hall **at = place_of_hall(feed, event_id);
    if (*at != NULL) {
        return *at;
    }
    size_t word;
    uint64_t bit = bit_of(event_id, &word);
    struct hall *hall = hall_create(event_id);
    if (hall == NULL) {
        return NULL;
    }
    atomic_fetch_or(&feed->watched[word], bit);
    *at = hall;
    if (!read_hall(feed, hall)) {
        *place_of_hall(feed, event_id) = NULL;
        hall_destroy(hall);
        return NULL;
    }
    hall_settle(hall);
    for (size_t i = 0; i < hall->count && feed->board != NULL; i++) {
        counts_board_watch(feed->board, hall->topics[i].newest.ticket_type_id);
    }
    return hall;
}

static void leave_hall(struct feed *feed, struct hall *hall) {
    *place_of_hall(feed, hall->event_id) = hall->next;
    for (struct hall **stirred = &feed->stirred; *stirred != NULL;) {
        if (*stirred == hall) {
            *stirred = hall->next_stirred;
        } else {
            stirred = &(*stirred)->next_stirred;
        }
    }
    hall_destroy(hall);
    feed->halls_left = true;
}

/* --- seats --------------------------------------------------------------------------------- */

static bool take_seats(struct feed *feed, struct viewer *viewer) {
    for (size_t i = 0; i < viewer->seats_count; i++) {
        struct seat *seat = &viewer->seats[i];
        struct hall *hall = enter_hall(feed, seat->event_id);
        if (hall == NULL) {
            return false;
        }
        seat->viewer = viewer;
        seat->hall = hall;
        seat->next = hall->seats;
        seat->link = &hall->seats;
        if (seat->next != NULL) {
            seat->next->link = &seat->next;
        }
        hall->seats = seat;
        hall->log_seats += viewer->with_log;
    }
    return true;
}

static void leave_seats(struct feed *feed, struct viewer *viewer) {
    for (size_t i = 0; i < viewer->seats_count; i++) {
        struct seat *seat = &viewer->seats[i];
        struct hall *hall = seat->hall;
        if (hall == NULL) {
            continue;
        }
        *seat->link = seat->next;
        if (seat->next != NULL) {
            seat->next->link = seat->link;
        }
        hall->log_seats -= viewer->with_log;
        seat->hall = NULL;
        if (hall->seats == NULL) {
            leave_hall(feed, hall);
        }
    }
}

/* The loop says nothing more of it but that it is over. */
static void stop_listening(struct feed *feed, struct viewer *viewer) {
    struct inbox *inbox = &feed->inbox;
    pthread_mutex_lock(&inbox->lock);
    viewer->told.over = true;
    for (struct viewer **at = &inbox->told; *at != NULL;) {
        if (*at == viewer) {
            *at = viewer->told.next;
        } else {
            at = &(*at)->told.next;
        }
    }
    pthread_mutex_unlock(&inbox->lock);
}

static void end(struct feed *feed, struct viewer *viewer, bool says_bye, struct viewing *viewing) {
    leave_seats(feed, viewer);
    if (viewer->is_seated) {
        if (viewer->next != NULL) {
            viewer->next->previous = viewer->previous;
        }
        *(viewer->previous != NULL ? &viewer->previous->next : &feed->viewers) = viewer->next;
    }
    stop_listening(feed, viewer);
    viewer_end(viewer, viewing, says_bye);
}

/* Its stream ends when the round has been shown: until then the halls stay as they are. */
static void doom(struct feed *feed, struct viewer *viewer) {
    if (!viewer->is_doomed) {
        viewer->is_doomed = true;
        viewer->next_doomed = feed->doomed;
        feed->doomed = viewer;
    }
}

static void end_doomed(struct feed *feed, struct viewing *viewing) {
    while (feed->doomed != NULL) {
        struct viewer *viewer = feed->doomed;
        feed->doomed = viewer->next_doomed;
        end(feed, viewer, viewer->says_bye, viewing);
    }
}

static void join(struct feed *feed, struct viewer *viewer, struct viewing *viewing) {
    if (viewer->is_doomed) {
        return;
    }
    if (feed->reader == NULL) {
        struct failure failure;
        if (store_open_reader(feed->with.store, &feed->reader, &failure) != ERROR_NONE) {
            feed->reader = NULL;
        }
        viewing->reader = feed->reader;
    }
    bool is_seated = take_seats(feed, viewer);
    if (!is_seated || !viewer_begin(viewer, viewing)) {
        end(feed, viewer, !is_seated, viewing);
        return;
    }
    viewer->is_seated = true;
    viewer->previous = NULL;
    viewer->next = feed->viewers;
    if (viewer->next != NULL) {
        viewer->next->previous = viewer;
    }
    feed->viewers = viewer;
}

/* --- a round ------------------------------------------------------------------------------- */

/* The entries that came since the last ones were shown, up to where the counts are: the counts are
 * never behind the log. */
static void read_fresh(void *context, struct hall *hall, struct topic *topic) {
    struct feed *feed = context;
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
        reader_entries(feed->reader, topic->newest.ticket_type_id, since, (size_t)(until - since),
                       &feed->fresh, &page, &failure) != ERROR_NONE ||
        (fresh = arena_array(&feed->fresh, struct fresh_entry, page.count)) == NULL;
    const struct audit_entry *entries = page.rows;
    for (size_t i = 0; i < page.count && !topic->fresh_is_lost && entries[i].seq <= until; i++) {
        fresh[i] = (struct fresh_entry){entries[i].seq,
                                        live_entry(&entries[i], feed->with.names, &feed->fresh)};
        topic->fresh_is_lost = text_is_absent(fresh[i].json);
        topic->fresh_count = i + 1;
    }
    topic->fresh = fresh;
}

static bool has_lost_entries(const struct viewer *viewer) {
    for (size_t i = 0; i < viewer->seats_count && viewer->with_log; i++) {
        const struct hall *hall = viewer->seats[i].hall;
        for (size_t k = 0; k < hall->count; k++) {
            if (hall->topics[k].fresh_is_lost) {
                return true;
            }
        }
    }
    return false;
}

static void show(struct feed *feed, struct viewer *viewer, struct viewing *viewing) {
    arena_reset(&feed->scratch);
    if (viewer->is_doomed || (viewer->round >= feed->round && !viewer->is_behind)) {
        return;
    }
    viewer->must_reset |= has_lost_entries(viewer);
    if (!viewer_show(viewer, viewing)) {
        doom(feed, viewer);
    } else if (viewer->is_behind && feed->behind_us == INT64_MAX) {
        feed->behind_us = viewing->now_us + SHOW_EVERY_US;
    }
}

static void forget_fresh(struct hall *hall) {
    for (size_t i = 0; i < hall->count; i++) {
        hall->topics[i].fresh = NULL;
        hall->topics[i].fresh_count = 0;
        hall->topics[i].fresh_is_lost = false;
    }
}

/* First all that is due is chosen, then each viewer is shown all of it at once. */
static void show_halls(struct feed *feed, struct viewing *viewing) {
    struct hall *stirred = feed->stirred;
    feed->stirred = NULL;
    feed->show_us = INT64_MAX;
    for (struct hall *next, *hall = stirred; hall != NULL; hall = next) {
        int64_t next_us;
        next = hall->next_stirred;
        hall_show(hall, feed->round, viewing->now_us, &next_us, read_fresh, feed);
        hall->is_stirred = false;
        if (next_us != INT64_MAX) {
            stir(feed, hall);
        }
        feed->show_us = next_us < feed->show_us ? next_us : feed->show_us;
    }
    for (size_t i = 0; i < HALLS_SLOTS; i++) {
        for (struct hall *hall = feed->halls[i]; hall != NULL; hall = hall->next) {
            struct seat *seat = hall->round == feed->round ? hall->seats : NULL;
            for (; seat != NULL; seat = seat->next) {
                show(feed, seat->viewer, viewing);
            }
        }
    }
    for (size_t i = 0; i < HALLS_SLOTS; i++) {
        for (struct hall *hall = feed->halls[i]; hall != NULL; hall = hall->next) {
            if (hall->round == feed->round) {
                forget_fresh(hall);
            }
        }
    }
    arena_reset(&feed->fresh);
}

/* What the loops said of streams. */
static void hear(struct feed *feed, struct viewer *told, struct viewing *viewing) {
    for (struct viewer *next, *viewer = told; viewer != NULL; viewer = next) {
        pthread_mutex_lock(&feed->inbox.lock);
        next = viewer->told.next;
        bool left = viewer->told.left, stops = viewer->told.stops;
        viewer->told.is_listed = false;
        pthread_mutex_unlock(&feed->inbox.lock);
        if (left || stops) {
            viewer->says_bye = !left;
            doom(feed, viewer);
        } else if (viewer->is_seated && !viewer_go_on(viewer, viewing)) {
            doom(feed, viewer);
        }
    }
}

static void read_all(struct feed *feed) {
    for (size_t i = 0; i < HALLS_SLOTS; i++) {
        for (struct hall *hall = feed->halls[i]; hall != NULL; hall = hall->next) {
            read_hall(feed, hall);
        }
    }
}

static void take_news(struct feed *feed, const struct counts_entry *news, size_t count,
                      int64_t now_us) {
    for (size_t i = 0; i < count; i++) {
        struct hall *hall = *place_of_hall(feed, news[i].event_id);
        if (hall != NULL) {
            take_event(feed, hall, &news[i]);
        }
        if (hall != NULL && !uuid_is_none(news[i].ticket_type_id)) {
            take_entry(feed, hall, &news[i], now_us);
        }
    }
}

/* One type whose reservations have run out: the store says what is left of them. */
static void read_due(struct feed *feed, struct hall *hall, struct topic *topic, int64_t now_us) {
    struct arena arena;
    struct type_reading reading;
    struct failure failure;
    arena_init(&arena, SCRATCH_BYTES_MAX);
    struct uuid id = topic->newest.ticket_type_id;
    topic->read_us = now_us;
    topic->due_us = now_us + HOUSEKEEPING_EVERY_US; /* where it cannot be read */
    if (feed->reads_left > 0 &&
        reader_type(feed->reader, id, &arena, &reading, &failure) == ERROR_NONE) {
        feed->reads_left--;
        struct counts_entry entry = counts_entry_of(&reading);
        take_entry(feed, hall, &entry, now_us);
    }
    arena_finish(&arena);
}

static void read_what_ran_out(struct feed *feed, int64_t now_us) {
    if (now_us < feed->due_us) {
        return;
    }
    int64_t due_us = INT64_MAX;
    for (size_t i = 0; i < HALLS_SLOTS; i++) {
        for (struct hall *hall = feed->halls[i]; hall != NULL; hall = hall->next) {
            for (size_t k = 0; k < hall->count; k++) {
                struct topic *topic = &hall->topics[k];
                int64_t earliest_us = topic->read_us + SHOW_EVERY_US;
                if (topic->due_us <= now_us && earliest_us <= now_us && feed->reads_left > 0) {
                    read_due(feed, hall, topic, now_us);
                    earliest_us = topic->read_us + SHOW_EVERY_US;
                }
                int64_t next_us = topic->due_us > earliest_us ? topic->due_us : earliest_us;
                next_us = topic->due_us == INT64_MAX ? INT64_MAX : next_us;
                due_us = next_us < due_us ? next_us : due_us;
            }
        }
    }
    feed->due_us = due_us;
}

static void mark_watched(struct feed *feed) {
    uint64_t bits[WATCHED_BITS / 64] = {0};
    for (size_t i = 0; i < HALLS_SLOTS; i++) {
        for (struct hall *hall = feed->halls[i]; hall != NULL; hall = hall->next) {
            size_t word;
            uint64_t bit = bit_of(hall->event_id, &word);
            bits[word] |= bit;
        }
    }
    for (size_t i = 0; i < WATCHED_BITS / 64; i++) {
        atomic_store(&feed->watched[i], bits[i]);
    }
    feed->halls_left = false;
}

/* Beside other servers: what they made, and what to ask them for. */
static void follow(struct feed *feed, int64_t now_us) {
    for (size_t i = 0; i < HALLS_SLOTS && feed->board != NULL; i++) {
        for (struct hall *hall = feed->halls[i]; hall != NULL; hall = hall->next) {
            if (now_us - hall->read_us >= HALL_READ_EVERY_US) {
                read_hall(feed, hall);
                hall->read_us = now_us;
            }
            for (size_t k = 0; k < hall->count; k++) {
                counts_board_watch(feed->board, hall->topics[k].newest.ticket_type_id);
            }
        }
    }
}

static void keep_house(struct feed *feed, struct viewing *viewing) {
    if (viewing->now_us < feed->housekeeping_us) {
        return;
    }
    feed->housekeeping_us = viewing->now_us + HOUSEKEEPING_EVERY_US;
    if (feed->halls_left) {
        mark_watched(feed);
    }
    follow(feed, viewing->now_us);
    for (struct viewer *viewer = feed->viewers; viewer != NULL; viewer = viewer->next) {
        bool is_welcome =
            feed->with.is_welcome == NULL || feed->with.is_welcome(feed->with.context, viewer);
        if (!is_welcome || !viewer_sees_anything(viewer)) {
            viewer->says_bye = true;
            doom(feed, viewer);
        } else if (viewing->now_us - viewer->written_us >= PING_EVERY_US &&
                   !viewer_ping(viewer, viewing)) {
            doom(feed, viewer);
        }
    }
}

static void show_those_behind(struct feed *feed, struct viewing *viewing) {
    if (viewing->now_us < feed->behind_us) {
        return;
    }
    feed->behind_us = INT64_MAX;
    for (struct viewer *viewer = feed->viewers; viewer != NULL; viewer = viewer->next) {
        if (viewer->is_behind) {
            show(feed, viewer, viewing);
        }
    }
}

static int64_t earlier(int64_t a, int64_t b) {
    return a < b ? a : b;
}

int64_t feed_round(struct feed *feed) {
    struct inbox *inbox = &feed->inbox;
    pthread_mutex_lock(&inbox->lock);
    struct counts_entry *news = inbox->news;
    size_t news_count = inbox->news_count;
    bool news_lost = inbox->news_lost;
    struct viewer *joins = inbox->joins, *told = inbox->told;
    inbox->news = inbox->spare;
    inbox->spare = news;
    inbox->news_count = 0;
    inbox->joins = inbox->told = NULL;
    inbox->joins_end = &inbox->joins;
    inbox->news_lost = inbox->is_woken = false;
    pthread_mutex_unlock(&inbox->lock);

    feed->round++;
    feed->reads_left = READS_PER_ROUND_MAX;
    struct viewing viewing = {.wire = &feed->wire,
                              .scratch = &feed->scratch,
                              .reader = feed->reader,
                              .names = feed->with.names,
                              .round = feed->round,
                              .now_us = feed_us(feed)};
    hear(feed, told, &viewing);
    take_news(feed, news, news_count, viewing.now_us);
    if (news_lost) {
        read_all(feed);
    }
    read_what_ran_out(feed, viewing.now_us);
    show_halls(feed, &viewing);
    for (struct viewer *next, *viewer = joins; viewer != NULL; viewer = next) {
        next = viewer->next;
        join(feed, viewer, &viewing);
        arena_reset(&feed->scratch);
    }
    show_those_behind(feed, &viewing);
    keep_house(feed, &viewing);
    end_doomed(feed, &viewing);
    atomic_fetch_add(&feed->events, viewing.events);
    int64_t next_us = earlier(earlier(feed->due_us, feed->show_us), feed->behind_us);
    return feed->viewers == NULL ? INT64_MAX : earlier(next_us, feed->housekeeping_us);
}

/* --- the thread ---------------------------------------------------------------------------- */

/* False: it is to stop. */
static bool pause_until(struct feed *feed, int64_t next_us) {
    struct inbox *inbox = &feed->inbox;
    int64_t left_us = next_us == INT64_MAX ? INT64_MAX : next_us - feed_us(feed);
    int ms = left_us > HOUSEKEEPING_EVERY_US ? 1000 : left_us <= 0 ? 0 : (int)(left_us / 1000) + 1;
    struct timespec until = thread_after_ms(ms);
    int waited = ms == 0 ? 1 : 0;
    pthread_mutex_lock(&inbox->lock);
    while (!inbox->is_woken && !inbox->is_stopping && waited == 0) {
        waited = next_us == INT64_MAX ? pthread_cond_wait(&inbox->came, &inbox->lock)
                                      : pthread_cond_timedwait(&inbox->came, &inbox->lock, &until);
    }
    bool goes_on = !inbox->is_stopping;
    pthread_mutex_unlock(&inbox->lock);
    return goes_on;
}

static void *run(void *context) {
    struct feed *feed = context;
    int64_t next_us;
    do {
        next_us = feed_round(feed);
    } while (pause_until(feed, next_us));
    return NULL;
}

/* --- life ---------------------------------------------------------------------------------- */

enum error feed_open(const struct feed_options *options, struct feed **opened,
                     struct failure *failure) {
    struct feed *feed = calloc(1, sizeof *feed);
    if (feed == NULL) {
        return failure_set(failure, ERROR_MEMORY, "There is no memory for live streams.");
    }
    feed->with = *options;
    feed->with.streams_max = options->streams_max == 0 ? STREAMS_MAX_DEFAULT : options->streams_max;
    feed->due_us = feed->show_us = feed->behind_us = INT64_MAX;
    struct inbox *inbox = &feed->inbox;
    pthread_mutex_init(&inbox->lock, NULL);
    thread_condition_init(&inbox->came);
    inbox->joins_end = &inbox->joins;
    arena_init(&feed->scratch, SCRATCH_BYTES_MAX);
    arena_init(&feed->fresh, SCRATCH_BYTES_MAX);
    inbox->news = calloc(NEWS_MAX, sizeof *inbox->news);
    inbox->spare = calloc(NEWS_MAX, sizeof *inbox->spare);
    enum error error = inbox->news == NULL || inbox->spare == NULL
                           ? failure_set(failure, ERROR_MEMORY, "There is no memory for streams.")
                           : ERROR_NONE;
    if (error == ERROR_NONE && !options->has_no_thread) {
        error = thread_start(&feed->thread, run, feed, failure);
        feed->has_started = error == ERROR_NONE;
    }
    if (error != ERROR_NONE) {
        feed_close(feed);
        return error;
    }
    *opened = feed;
    return ERROR_NONE;
}

void feed_follow_by(struct feed *feed, struct counts_board *board) {
    feed->board = board;
}

void feed_drain(struct feed *feed) {
    if (feed == NULL) {
        return;
    }
    pthread_mutex_lock(&feed->inbox.lock);
    feed->inbox.is_stopping = true;
    pthread_cond_signal(&feed->inbox.came);
    pthread_mutex_unlock(&feed->inbox.lock);
    if (feed->has_started) {
        pthread_join(feed->thread, NULL);
        feed->has_started = false;
    }
    feed_round(feed); /* those who came in between */
    struct viewing viewing = {.wire = &feed->wire, .scratch = &feed->scratch};
    while (feed->viewers != NULL) {
        end(feed, feed->viewers, true, &viewing);
    }
}

void feed_close(struct feed *feed) {
    if (feed == NULL) {
        return;
    }
    feed_drain(feed);
    if (feed->reader != NULL) {
        store_reader_close(feed->reader);
    }
    live_wire_finish(&feed->wire);
    arena_finish(&feed->scratch);
    arena_finish(&feed->fresh);
    pthread_cond_destroy(&feed->inbox.came);
    pthread_mutex_destroy(&feed->inbox.lock);
    free(feed->inbox.news);
    free(feed->inbox.spare);
    free(feed);
}

struct feed_statistics feed_statistics(const struct feed *feed) {
    return (struct feed_statistics){.streams = atomic_load(&feed->streams),
                                    .events = atomic_load(&feed->events)};
}
