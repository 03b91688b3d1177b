/* reader_pool.h - store readers for any number of threads, each used by one at a time.
 *
 * A reader costs an open file and a few prepared statements, so those that are given back are kept
 * up to a bound; nobody ever waits for one. */
#pragma once

#include <pthread.h>

#include "store/reader.h"

enum { READERS_IDLE_MAX = 16 };

struct reader_pool {
    struct store *store;
    pthread_mutex_t lock;
    struct store_reader *idle[READERS_IDLE_MAX];
    size_t idle_count;
};

void reader_pool_init(struct reader_pool *pool, struct store *store);

/* All readers must have been given back. */
void reader_pool_finish(struct reader_pool *pool);

MUST_USE enum error reader_pool_take(struct reader_pool *pool, struct store_reader **reader,
                                     struct failure *failure);
void reader_pool_give(struct reader_pool *pool, struct store_reader *reader);
