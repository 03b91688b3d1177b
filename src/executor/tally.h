/* tally.h - what a lane has done so far: written by its thread, read by any.
 *
 * Each number is exact; a snapshot of several may be a batch apart. */
#pragma once

#include <stdatomic.h>

#include "executor/executor.h"

enum {
    COMMIT_BUCKETS = sizeof((struct executor_statistics){0}.commit_us_buckets) / sizeof(uint64_t),
    SIZE_BUCKETS = sizeof((struct executor_statistics){0}.batch_size_buckets) / sizeof(uint64_t),
};

typedef _Atomic uint64_t tally_count;

struct tally {
    tally_count commits, commands, refusals, failures, retries, splits, unknown_commits, expiries;
    tally_count commit_us_buckets[COMMIT_BUCKETS], commit_us_sum;
    tally_count batch_size_buckets[SIZE_BUCKETS];
};

static inline void tally_add(tally_count *count, uint64_t more) {
    /* One thread writes: no read-modify-write is needed. */
    uint64_t now = atomic_load_explicit(count, memory_order_relaxed);
    atomic_store_explicit(count, now + more, memory_order_relaxed);
}

void tally_commit(struct tally *tally, size_t commands_count, int64_t took_us);

/* Adds what this lane has done to what others have. */
void tally_add_up(const struct tally *tally, struct executor_statistics *statistics);
