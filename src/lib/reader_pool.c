#include "lib/reader_pool.h"

void reader_pool_init(struct reader_pool *pool, struct store *store) {
    *pool = (struct reader_pool){.store = store};
    pthread_mutex_init(&pool->lock, NULL);
}

void reader_pool_finish(struct reader_pool *pool) {
    for (size_t i = 0; i < pool->idle_count; i++) {
        store_reader_close(pool->idle[i]);
    }
    pthread_mutex_destroy(&pool->lock);
}

enum error reader_pool_take(struct reader_pool *pool, struct store_reader **reader,
                            struct failure *failure) {
    struct store_reader *kept = NULL;
    pthread_mutex_lock(&pool->lock);
    if (pool->idle_count > 0) {
        kept = pool->idle[--pool->idle_count];
    }
    pthread_mutex_unlock(&pool->lock);
    if (kept == NULL) {
        return store_open_reader(pool->store, reader, failure);
    }
    *reader = kept;
    return ERROR_NONE;
}

void reader_pool_give(struct reader_pool *pool, struct store_reader *reader) {
    pthread_mutex_lock(&pool->lock);
    if (pool->idle_count < READERS_IDLE_MAX) {
        pool->idle[pool->idle_count++] = reader;
        reader = NULL;
    }
    pthread_mutex_unlock(&pool->lock);
    if (reader != NULL) {
        store_reader_close(reader);
    }
}
