/* quarantine.h - which ticket types can nobody buy, because their stored rows cannot be true?
 *
 * Each is named in a log line when it is found, and again when it is found sound. Any thread. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "domain/world.h"

enum {
    QUARANTINE_MAX = 256, /* that are remembered: so many at once is one great fault */
    /* A fault may show only where one certain reservation is read. */
    QUARANTINE_SECONDS = 60,
};

struct quarantine {
    pthread_mutex_t lock;
    atomic_size_t count;
    struct {
        struct uuid id;
        int64_t seen_us; /* its fault, last */
    } list[QUARANTINE_MAX];
};

void quarantine_init(struct quarantine *quarantine);
void quarantine_finish(struct quarantine *quarantine);

/* Takes in the types of a decided world that are at fault, and lets go of those that are not and
 * have not been for a while. Monotonic time. */
void quarantine_follow(struct quarantine *quarantine, const struct world *world, int64_t now_us);

size_t quarantine_count(const struct quarantine *quarantine);

/* Copies at most `max` of them; how many. */
size_t quarantine_list(struct quarantine *quarantine, struct uuid *list, size_t max);
