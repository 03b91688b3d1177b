/* follower.h - what do other servers commit to the database that this one shares?
 *
 * A thread with a reader of its own. Five times a second it asks, cheaply, whether the ticket types
 * that were asked for lately have changed, and reads again those that have; once a second it reads
 * the API keys, the staff and their sessions. So availability lags another server's commit by 200
 * ms and a read, and by COUNTS_GOOD_MS at the most; a key that was made or revoked elsewhere works,
 * or ceases to, within a second and a read. While the store is away it asks ever more seldom, and
 * what is on the board grows too old to be told. */
#pragma once

#include "routes/callers/key_ring.h"
#include "routes/callers/people.h"
#include "routes/live/counts_board.h"

enum {
    FOLLOW_EVERY_MS = 200,
    FOLLOW_EVERY_MAX_MS = 2000, /* while the store is away */
    FOLLOW_KEYS_EVERY_MS = 1000,
    /* A reading takes about a third of a millisecond: the round stays well within its time. Of
     * more types that changed at once, the others are read when somebody asks. */
    FOLLOW_READS_MAX = 64,
};

struct follower;

struct follower_options {
    struct store *store;
    struct counts_board *board;
    struct key_ring *keys;
    struct people *people;
};

MUST_USE enum error follower_open(const struct follower_options *options,
                                  struct follower **follower, struct failure *failure);

/* Waits for what it is doing. Accepts NULL. */
void follower_close(struct follower *follower);

/* One round of it: the board is brought up to date with the store. */
MUST_USE enum error follow_counts(struct counts_board *board, struct store_reader *reader,
                                  struct failure *failure);
