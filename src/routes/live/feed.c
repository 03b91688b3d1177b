#include "routes/live/feed.h"

#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/thread.h"
#include "routes/live/halls.h"
#include "store/reader.h"

enum {
    SCRATCH_BYTES_MAX = 4 * 1024 * 1024,
    HOUSEKEEPING_EVERY_US = 1000 * 1000,
    BUCKETS = 1 << 16,
    NO_BUCKET = 0,
};

struct feed {
    struct feed_options with;
    struct live_inbox inbox;
    pthread_t thread;
    bool has_started;
    atomic_uint_fast64_t streams, events;
    atomic_uint_fast16_t clients[BUCKETS]; /* how many streams each has, by a hash */

    /* The thread's own. */
    struct halls halls;
    struct viewer *viewers, *doomed; /* doomed: their streams are to be ended in this round */
    struct live_wire wire;
    struct arena scratch;
    size_t unsent;           /* bytes of all viewers that did not fit */
    int64_t show_us;         /* when there is more to show */
    int64_t behind_us;       /* when those who are behind are looked after; INT64_MAX: nobody is */
    int64_t housekeeping_us; /* when it is due again */
};

static int64_t feed_us(const struct feed *feed) {
    return feed->with.monotonic_us == NULL ? monotonic_us() : feed->with.monotonic_us();
}

/* --- bringing in ----------------------------------------------------------------------------- */

void feed_on_reading(void *context, const struct counts_entry *entry) {
    struct feed *feed = context;
    live_inbox_put(&feed->inbox, entry);
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
            live_inbox_put(&feed->inbox, &entry);
        }
    }
    for (const struct world_type *type = world->types; type != NULL; type = type->next) {
        if (type->state != ROW_LOADED && type->event != NULL && type->fault == NULL) {
            struct counts_entry entry = counts_entry_committed(type, world->now);
            live_inbox_put(&feed->inbox, &entry);
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

void feed_join(struct feed *feed, struct viewer *viewer) {
    live_inbox_join(&feed->inbox, viewer);
}

void feed_on_stream(void *context, enum http_stream_event event) {
    struct viewer *viewer = context;
    if (event == HTTP_STREAM_OVER) {
        feed_leave(viewer->feed, viewer->bucket);
    } else {
        live_inbox_tell(&viewer->feed->inbox, viewer, event);
    }
}

/* --- seats --------------------------------------------------------------------------------- */

static bool take_seats(struct feed *feed, struct viewer *viewer, int64_t now_us) {
    for (size_t i = 0; i < viewer->seats_count; i++) {
        struct seat *seat = &viewer->seats[i];
        struct hall *hall = halls_enter(&feed->halls, seat->event_id, now_us);
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
            halls_leave(&feed->halls, hall);
        }
    }
}

static void end(struct feed *feed, struct viewer *viewer, bool says_bye, struct viewing *viewing) {
    leave_seats(feed, viewer);
    if (viewer->is_seated) {
        if (viewer->next != NULL) {
            viewer->next->previous = viewer->previous;
        }
        *(viewer->previous != NULL ? &viewer->previous->next : &feed->viewers) = viewer->next;
    }
    live_inbox_forget(&feed->inbox, viewer);
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

/* For the first stream: a server without any needs no connection for them. */
static bool open_reader(struct feed *feed) {
    struct failure failure;
    struct store_reader **reader = &feed->halls.reader;
    return *reader != NULL || store_open_reader(feed->with.store, reader, &failure) == ERROR_NONE;
}

static void join(struct feed *feed, struct viewer *viewer, struct viewing *viewing) {
    if (viewer->is_doomed) {
        return;
    }
    bool is_seated = open_reader(feed) && take_seats(feed, viewer, viewing->now_us);
    viewing->reader = feed->halls.reader;
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
    if (viewer->is_doomed || (viewer->round >= viewing->round && !viewer->is_behind)) {
        return;
    }
    viewer->must_reset |= has_lost_entries(viewer);
    if (!viewer_show(viewer, viewing)) {
        doom(feed, viewer);
    } else if (viewer->is_behind && feed->behind_us == INT64_MAX) {
        feed->behind_us = viewing->now_us + SHOW_EVERY_US;
    }
}

/* All that was chosen in this round is shown to each viewer at once. */
static void show_all(struct feed *feed, struct viewing *viewing) {
    feed->show_us = halls_show(&feed->halls, viewing->now_us);
    for (struct hall *hall = halls_next(&feed->halls, NULL); hall != NULL;
         hall = halls_next(&feed->halls, hall)) {
        struct seat *seat = hall->round == viewing->round ? hall->seats : NULL;
        for (; seat != NULL; seat = seat->next) {
            show(feed, seat->viewer, viewing);
        }
    }
    halls_showed(&feed->halls);
}

/* What the loops said of streams. */
static void hear(struct feed *feed, struct viewer *first, struct viewing *viewing) {
    for (struct viewer *next, *viewer = first; viewer != NULL; viewer = next) {
        next = viewer->told.next;
        struct told told = live_inbox_heard(&feed->inbox, viewer);
        if (told.left || told.stops) {
            viewer->says_bye = !told.left;
            doom(feed, viewer);
        } else if (viewer->is_seated && !viewer_go_on(viewer, viewing)) {
            doom(feed, viewer);
        }
        arena_reset(&feed->scratch);
    }
}

/* Who may not watch any more, who must hear that we are there. */
static void look_after_viewers(struct feed *feed, struct viewing *viewing) {
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
    struct live_arrivals arrivals = live_inbox_take(&feed->inbox);
    struct viewing viewing = {.wire = &feed->wire,
                              .scratch = &feed->scratch,
                              .reader = feed->halls.reader,
                              .names = feed->with.names,
                              .round = ++feed->halls.round,
                              .unsent = &feed->unsent,
                              .now_us = feed_us(feed)};
    hear(feed, arrivals.told, &viewing);
    halls_take(&feed->halls, &arrivals, viewing.now_us);
    bool is_time = viewing.now_us >= feed->housekeeping_us;
    if (is_time) {
        feed->housekeeping_us = viewing.now_us + HOUSEKEEPING_EVERY_US;
        halls_keep(&feed->halls);
    }
    halls_look(&feed->halls, viewing.now_us);
    halls_read_due(&feed->halls, viewing.now_us);
    show_all(feed, &viewing);
    for (struct viewer *next, *viewer = arrivals.joins; viewer != NULL; viewer = next) {
        next = viewer->next;
        join(feed, viewer, &viewing);
        arena_reset(&feed->scratch);
    }
    show_those_behind(feed, &viewing);
    if (is_time) {
        look_after_viewers(feed, &viewing);
    }
    end_doomed(feed, &viewing);
    atomic_fetch_add(&feed->events, viewing.events);
    int64_t next_us = earlier(earlier(feed->halls.due_us, feed->show_us),
                              earlier(feed->behind_us, feed->halls.look_us));
    return feed->viewers == NULL ? INT64_MAX : earlier(next_us, feed->housekeeping_us);
}

/* --- life ---------------------------------------------------------------------------------- */

static int ms_until(const struct feed *feed, int64_t at_us) {
    if (at_us == INT64_MAX) {
        return -1;
    }
    int64_t left_us = at_us - feed_us(feed);
    return left_us <= 0 ? 0 : (int)(left_us / 1000) + 1; /* a second at the most: housekeeping */
}

static void *run(void *context) {
    struct feed *feed = context;
    int64_t next_us;
    do {
        next_us = feed_round(feed);
    } while (live_inbox_wait(&feed->inbox, ms_until(feed, next_us)));
    return NULL;
}

enum error feed_open(const struct feed_options *options, struct feed **opened,
                     struct failure *failure) {
    struct feed *feed = calloc(1, sizeof *feed);
    if (feed == NULL) {
        return failure_set(failure, ERROR_MEMORY, "There is no memory for live streams.");
    }
    feed->with = *options;
    feed->with.streams_max = options->streams_max == 0 ? STREAMS_MAX_DEFAULT : options->streams_max;
    feed->show_us = feed->behind_us = INT64_MAX;
    arena_init(&feed->scratch, SCRATCH_BYTES_MAX);
    halls_init(&feed->halls, &feed->inbox);
    feed->halls.names = options->names;
    enum error error = ERROR_NONE;
    if (!live_inbox_init(&feed->inbox)) {
        error = failure_set(failure, ERROR_MEMORY, "There is no memory for live streams.");
    } else if (!options->has_no_thread) {
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
    feed->halls.board = board;
    feed->halls.look_us = 0;
}

void feed_drain(struct feed *feed) {
    if (feed == NULL) {
        return;
    }
    live_inbox_stop(&feed->inbox);
    if (feed->has_started) {
        pthread_join(feed->thread, NULL);
        feed->has_started = false;
    }
    (void)feed_round(feed); /* those who came in between */
    struct viewing viewing = {
        .wire = &feed->wire, .scratch = &feed->scratch, .unsent = &feed->unsent};
    while (feed->viewers != NULL) {
        end(feed, feed->viewers, true, &viewing);
    }
}

void feed_close(struct feed *feed) {
    if (feed == NULL) {
        return;
    }
    feed_drain(feed);
    halls_finish(&feed->halls);
    live_inbox_finish(&feed->inbox);
    live_wire_finish(&feed->wire);
    arena_finish(&feed->scratch);
    free(feed);
}

struct feed_statistics feed_statistics(const struct feed *feed) {
    return (struct feed_statistics){.streams = atomic_load(&feed->streams),
                                    .events = atomic_load(&feed->events)};
}
