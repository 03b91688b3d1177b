/* feed.h - what has changed goes to all who watch, from a thread of its own.
 *
 *     routes_on_commit, counts_board ──news──▶ inbox ─┐
 *     route_stream_open ──────────────joins──▶ inbox ─┼─▶ round: take, read, show ──▶ streams
 *     the loops ──────────room, left, stops──▶ inbox ─┘
 *
 * A round takes in what has come, reads again what has run out, and shows what is due: at once,
 * then at most five times a second for each type (hall.h). Whoever brings something in only puts it
 * into the inbox: a commit never waits for the streams. The inbox is bounded; news that did not fit
 * is made up for by reading the halls again.
 *
 * Beside other servers, the follower (follower.h) asks about the types that are watched here, and
 * what it reads comes here by way of the counts board; ticket types that another server made, and
 * all that the follower has no time for, are found by reading the halls again (halls.h). */
#pragma once

#include "routes/live/counts_board.h"
#include "routes/live/viewer.h"
#include "store/store.h"

enum {
    PING_EVERY_US = 15 * 1000 * 1000,
    STREAMS_MAX_DEFAULT = 10000,
    /* Of one key, one person, or one address without either (loopback is not counted so). */
    STREAMS_PER_CLIENT_MAX = 1000,
};

struct feed;

struct feed_options {
    struct store *store;
    const struct names *names;     /* of those who did something; may be NULL */
    size_t streams_max;            /* zero: STREAMS_MAX_DEFAULT */
    int64_t (*monotonic_us)(void); /* NULL: the system's */
    bool has_no_thread;            /* rounds are run by feed_round() alone */
    /* Whether a stream may go on: its key is still good. NULL: always. */
    bool (*is_welcome)(void *context, const struct viewer *viewer);
    void *context;
};

MUST_USE enum error feed_open(const struct feed_options *options, struct feed **feed,
                              struct failure *failure);

/* Says which types are watched, so that other servers' commits to them are asked for. Before the
 * first stream; only beside other servers. */
void feed_follow_by(struct feed *feed, struct counts_board *board);

/* Says goodbye to all, and takes no more. Twice is harmless. */
void feed_drain(struct feed *feed);

/* Accepts NULL. After the last call for any stream. */
void feed_close(struct feed *feed);

/* From any thread: what a commit changed, what a reading of a type said. */
void feed_on_commit(struct feed *feed, const struct world *world);
void feed_on_reading(void *feed, const struct counts_entry *entry);

/* May one more stream begin, of the client that `principal` names (absent: not counted)? It must
 * be given back to feed_leave(), by the stream's end or by who did not begin it. */
bool feed_enter(struct feed *feed, struct text principal, uint16_t *bucket);
void feed_leave(struct feed *feed, uint16_t bucket);

/* Hands over a stream that has begun. */
void feed_join(struct feed *feed, struct viewer *viewer);

/* The watcher of such a stream; its context is the viewer. */
void feed_on_stream(void *viewer, enum http_stream_event event);

struct feed_statistics {
    uint64_t streams, events;
};
struct feed_statistics feed_statistics(const struct feed *feed);

/* One round, on this thread. When the next one is due, at the latest. */
int64_t feed_round(struct feed *feed);
