#include "executor/tally.h"

enum { COMMIT_US_FIRST_LOG2 = 6 }; /* 64 µs: no durable commit is faster */

/* The smallest i below `buckets` with value <= 2^(i + first_log2); the last one for more. */
static size_t bucket_of(uint64_t value, unsigned first_log2, size_t buckets) {
    size_t i = 0;
    while (i < buckets - 1 && value > UINT64_C(1) << (i + first_log2)) {
        i++;
    }
    return i;
}

void tally_commit(struct tally *tally, size_t commands_count, int64_t took_us) {
    uint64_t us = took_us < 0 ? 0 : (uint64_t)took_us;
    tally_add(&tally->commits, 1);
    tally_add(&tally->commit_us_sum, us);
    tally_add(&tally->commit_us_buckets[bucket_of(us, COMMIT_US_FIRST_LOG2, COMMIT_BUCKETS)], 1);
    tally_add(&tally->batch_size_buckets[bucket_of(commands_count, 0, SIZE_BUCKETS)], 1);
}

static uint64_t read_count(const tally_count *count) {
    return atomic_load_explicit(count, memory_order_relaxed);
}

void tally_add_up(const struct tally *tally, struct executor_statistics *statistics) {
    statistics->commits += read_count(&tally->commits);
    statistics->commands += read_count(&tally->commands);
    statistics->refusals += read_count(&tally->refusals);
    statistics->failures += read_count(&tally->failures);
    statistics->retries += read_count(&tally->retries);
    statistics->splits += read_count(&tally->splits);
    statistics->unknown_commits += read_count(&tally->unknown_commits);
    statistics->expiries += read_count(&tally->expiries);
    statistics->commit_us_sum += read_count(&tally->commit_us_sum);
    for (size_t i = 0; i < COMMIT_BUCKETS; i++) {
        statistics->commit_us_buckets[i] += read_count(&tally->commit_us_buckets[i]);
    }
    for (size_t i = 0; i < SIZE_BUCKETS; i++) {
        statistics->batch_size_buckets[i] += read_count(&tally->batch_size_buckets[i]);
    }
}
