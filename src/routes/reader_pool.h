/* reader_pool.h - queries are read, and answered, on a few threads of their own.
 *
 * Each thread has one reader of the store. The queue is bounded: a full one is an answer (busy), so
 * that slow reads cannot pile up behind each other. Exports go on from page to page as jobs, which
 * are always taken: their number is bounded where they begin. */
#pragma once

#include "base/failure.h"
#include "routes/call.h"
#include "store/store.h"

struct reader_pool;

struct reader_pool_options {
    struct store *store;
    unsigned threads;
    size_t queue_max;
};

/* A step of something longer. The caller owns it. */
struct reader_job {
    void (*run)(struct reader_job *job, struct store_reader *reader);
    struct reader_job *next;
};

MUST_USE enum error reader_pool_open(const struct reader_pool_options *options,
                                     struct reader_pool **pool, struct failure *failure);

/* Runs call->query on one of the threads. False: the queue is full, or the pool is draining. */
bool reader_pool_submit(struct reader_pool *pool, struct call *call);

/* Runs `job` in turns with the queries that wait. False: the pool is draining. */
bool reader_pool_continue(struct reader_pool *pool, struct reader_job *job);

/* Runs what waits, refuses what comes, ends the threads. Twice is harmless. */
void reader_pool_drain(struct reader_pool *pool);

/* Accepts NULL. */
void reader_pool_close(struct reader_pool *pool);

size_t reader_pool_depth(struct reader_pool *pool);
