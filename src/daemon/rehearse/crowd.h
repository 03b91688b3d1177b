/* crowd.h - many buyers at a few connections, all at once.
 *
 * One event loop on the calling thread. Buyers wait in a queue for a free
 * connection; how long each answer took is kept. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/failure.h"
#include "daemon/rehearse/buyer.h"

struct crowd_options {
    const char *server, *key;
    struct buyer_plan plan;
    size_t buyers, connections;
    uint64_t seed;
    /* Five times a second; may be NULL. */
    void (*on_progress)(void *context, size_t done, size_t buyers, const struct buyer_tally *tally);
    void *context;
};

struct crowd_result {
    struct buyer *buyers; /* as they left; to be given to free() */
    size_t buyers_count;
    struct buyer_tally tally;
    uint32_t *latencies_us; /* of every answer, sorted; to be given to free() */
    size_t latencies_count;
    int64_t took_us;
};

/* ERROR_UNAVAILABLE: the server cannot be reached for longer than a restart takes. */
MUST_USE enum error crowd_run(const struct crowd_options *options, struct crowd_result *result,
                              struct failure *failure);

void crowd_result_finish(struct crowd_result *result);
