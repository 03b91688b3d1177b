/* inbox.h - the bounded place where commands of many threads wait for their lane.
 *
 * Any thread puts, only the lane's thread takes; it takes all there is. The
 * lane is woken only when it sleeps: in a rush, putting costs one lock. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "executor/queue.h"

enum {
    INBOX_MAX_DEFAULT = 8192,
    /* Kept free for the executor's own work when the inbox is full: one round of sweeps
     * (SWEEPS_PER_ROUND_MAX), a prune and the touches of keys. */
    INBOX_INTERNAL_SLOTS = 256,
};

struct inbox {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct queue arrived;
    size_t waiting_max;
    atomic_size_t waiting; /* accepted, and not in a batch that runs */
    bool asleep, closed;
};

enum inbox_answer { INBOX_TAKEN, INBOX_FULL, INBOX_CLOSED };

/* waiting_max 0: the default. */
void inbox_init(struct inbox *inbox, size_t waiting_max);
void inbox_finish(struct inbox *inbox);

/* Any thread. `internal` may use the slots kept for the executor's own work. */
enum inbox_answer inbox_put(struct inbox *inbox, struct submission *submission, bool internal);

/* From now on everything is INBOX_CLOSED; what was taken stays. */
void inbox_close(struct inbox *inbox);

/* The lane's thread: all that has arrived goes to the end of `queue`. It counts as waiting until
 * inbox_left(). */
void inbox_take(struct inbox *inbox, struct queue *queue);

/* `count` commands have gone into a batch; those that come back wait again. */
void inbox_left(struct inbox *inbox, size_t count);
void inbox_came_back(struct inbox *inbox, size_t count);

enum inbox_event {
    INBOX_ARRIVED,
    INBOX_QUIET, /* nothing came in that time */
    INBOX_ENDED, /* closed, and nothing is there */
};

/* The lane's thread: sleeps until something has arrived, no longer than `quiet_ms` where that is
 * not negative. */
enum inbox_event inbox_wait(struct inbox *inbox, int quiet_ms);
