/* outage.h - is the store away from a lane, why, and since when?
 *
 * The lane's thread writes, any thread reads. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/failure.h"

struct outage {
    pthread_mutex_t lock;
    atomic_bool goes_on;
    int64_t since_us; /* monotonic */
    struct failure failure;
};

void outage_init(struct outage *outage);
void outage_finish(struct outage *outage);

/* The store failed at `now_us`; the first failure after a success says since when, the last one
 * why. */
void outage_note(struct outage *outage, const struct failure *failure, int64_t now_us);

/* The store did what it was asked; logged where it had not before. */
void outage_end(struct outage *outage, int64_t now_us);

static inline bool outage_goes_on(const struct outage *outage) {
    return atomic_load_explicit(&outage->goes_on, memory_order_relaxed);
}

/* False: there is none. */
bool outage_read(struct outage *outage, struct failure *failure, int64_t *since_us);
