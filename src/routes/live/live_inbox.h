/* live_inbox.h - what is brought to the feed's thread, by all others.
 *
 * Bringing something in takes a lock for as long as it takes to copy it: a commit never waits for
 * the streams. The inbox is bounded; when news did not fit it says so, and the thread reads again
 * what it watches. News of events that nobody watches is not taken at all. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "routes/live/viewer.h"

enum {
    NEWS_MAX = 4096, /* half a megabyte */
    WATCHED_BITS = 64 * 1024,
};

struct live_inbox {
    pthread_mutex_t lock;
    pthread_cond_t came;
    struct counts_entry *news, *spare; /* NEWS_MAX each */
    size_t news_count;
    bool news_lost, is_woken, is_stopping;
    struct viewer *joins, **joins_end;               /* by `next` */
    struct viewer *told;                             /* by `told.next` */
    atomic_uint_fast64_t watched[WATCHED_BITS / 64]; /* by the events' hashes; may say too much */
};

/* False: no memory. */
bool live_inbox_init(struct live_inbox *inbox);
void live_inbox_finish(struct live_inbox *inbox);

/* From any thread. An entry without a ticket type is about its event alone. */
void live_inbox_put(struct live_inbox *inbox, const struct counts_entry *entry);
void live_inbox_join(struct live_inbox *inbox, struct viewer *viewer);
void live_inbox_tell(struct live_inbox *inbox, struct viewer *viewer, enum http_stream_event event);
void live_inbox_stop(struct live_inbox *inbox);

/* --- for the feed's thread --- */

/* News of this event is taken from now on. */
void live_inbox_watch(struct live_inbox *inbox, struct uuid event_id);

/* Of these events alone; all that exist are among them. */
struct live_watched {
    uint64_t bits[WATCHED_BITS / 64];
};
void live_watched_add(struct live_watched *watched, struct uuid event_id);
void live_inbox_watch_only(struct live_inbox *inbox, const struct live_watched *watched);

/* All that came; `news` stays until it is asked again. */
struct live_arrivals {
    const struct counts_entry *news;
    size_t news_count;
    bool news_lost;
    struct viewer *joins, *told;
};
struct live_arrivals live_inbox_take(struct live_inbox *inbox);

/* What a loop said of a viewer that live_inbox_take() gave as told. */
struct told {
    bool left, stops;
};
struct told live_inbox_heard(struct live_inbox *inbox, struct viewer *viewer);

/* The loop says nothing more of it but that it is over. */
void live_inbox_forget(struct live_inbox *inbox, struct viewer *viewer);

/* Waits for something, at most so long (below 0: for ever). False: it is to stop. */
bool live_inbox_wait(struct live_inbox *inbox, int ms);
