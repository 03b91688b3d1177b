/* lane.h - one writer and the line of commands in front of it: the batch after batch.
 *
 * Internal to executor/; the simulation drives a lane without a thread, with
 * its own time and ids. All but the inbox, the tallies and the outage belongs to
 * the lane's thread. */
#pragma once

#include "base/arena.h"
#include "domain/limits.h"
#include "executor/executor.h"
#include "executor/inbox.h"
#include "executor/outage.h"
#include "executor/quarantine.h"
#include "executor/queue.h"
#include "executor/tally.h"
#include "store/store.h"

enum {
    /* A commit of 1,024 reservations takes about 20 ms in SQLite: more would only make all of
     * them wait longer. */
    BATCH_COMMANDS_MAX = 1024,
    BATCH_ROWS_MAX = 4096,
    BATCH_ARENA_BYTES_DEFAULT = 64 << 20,
    /* One id for each release that a batch may write: the expired reservations that load adds,
     * and those that its commands name. */
    BATCH_IDS_MAX = EXPIRED_PER_BATCH_MAX + BATCH_ROWS_MAX,
    /* How often a batch is run again because the world changed under it. */
    BATCH_RETRIES_MAX = 3,
    /* A command that waited so long is told so, rather than put back once more. */
    WAIT_MAX_US = 5 * 1000 * 1000,
};

/* What differs from run to run. */
struct lane_sources {
    struct uuid (*ids)(void *context, uint32_t count); /* the first of a block of fresh ones */
    int64_t (*monotonic_us)(void *context);
    void *context;
};

struct lane_options {
    struct store_writer *writer; /* the lane's from now on */
    struct lane_sources sources;
    size_t inbox_max, batch_arena_bytes; /* zero: the defaults */
    struct quarantine *quarantine;       /* shared with other lanes; NULL: nobody asks */
    void (*on_commit)(void *context, const struct world *world);
    void *context;
};

struct lane {
    struct inbox inbox;
    struct tally tally;
    struct outage outage;
    struct lane_options options;

    struct queue waiting; /* taken from the inbox, or put back: older than what is in there */
    struct arena arena;
    /* Halved when a batch is rejected, so that poison ends up alone; doubled with each one that
     * is answered. */
    size_t commands_max;
    unsigned retries;      /* of the batch at the head of the line */
    int64_t complained_us; /* when a failing store was last logged */
    struct submission *taken[BATCH_COMMANDS_MAX];
};

void lane_init(struct lane *lane, const struct lane_options *options);

/* Closes the writer too. What still waits is forgotten: the simulation's crash. */
void lane_finish(struct lane *lane);

/* Any thread. */
enum inbox_answer lane_submit(struct lane *lane, struct submission *submission, bool internal);

/* Runs one batch of what is waiting; false when nothing was. */
bool lane_run_once(struct lane *lane);

/* During an outage: asks the store for nothing, to see whether it is back. */
void lane_probe(struct lane *lane);

/* For batch.c and recovery.c: to the head of the line, in order. */
void lane_put_back(struct lane *lane, struct queue *again);

/* A batch was answered: the next ones may be larger again. */
void lane_grow_batches(struct lane *lane);

int64_t lane_monotonic_us(const struct lane *lane);
bool lane_has_waited_too_long(const struct lane *lane, const struct submission *submission);
