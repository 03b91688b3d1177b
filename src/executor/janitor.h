/* janitor.h - the thread that sweeps expired reservations each second, forgets old idempotency
 * keys, and looks after what is in quarantine.
 *
 * It decides nothing: it lists by a reader of its own and sends commands. What
 * the wall clock does moves neither its pace (monotonic) nor, by a jump ahead,
 * what it forgets. */
#pragma once

#include <pthread.h>

#include "executor/executor.h"
#include "executor/quarantine.h"
#include "store/reader.h"

enum {
    JANITOR_PAUSE_MS = 1000,
    JANITOR_PAUSE_MAX_MS = 60 * 1000, /* while the store is away */
    PRUNE_EVERY_MS = 3600 * 1000,
    KEYS_KEPT_SECONDS = 30 * 24 * 3600,
};

struct janitor_neighbours {
    struct executor *executor;
    struct store *store;
    struct quarantine *quarantine;
    struct clock clock;
};

struct janitor {
    struct janitor_neighbours with;
    struct store_reader *reader;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t stopped;
    bool is_started, is_stopping;

    /* Of the thread alone. */
    struct instant began_at; /* on the wall */
    int64_t began_us, prune_due_us, visit_due_us;
    int pause_ms;
};

MUST_USE enum error janitor_start(struct janitor *janitor,
                                  const struct janitor_neighbours *neighbours,
                                  struct failure *failure);

/* Waits for what it is doing. Harmless where it was never started. */
void janitor_stop(struct janitor *janitor);
