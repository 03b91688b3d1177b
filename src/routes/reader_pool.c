#include "routes/reader_pool.h"

#include <pthread.h>
#include <stdlib.h>

/* A page of 200 rows with texts of 5,000 characters is 4 MiB, twice that as JSON, and the writer
 * doubles as it grows. */
enum { SCRATCH_BYTES_MAX = 32 * 1024 * 1024 };

struct worker {
    struct reader_pool *pool;
    struct store_reader *reader;
    struct arena scratch;
    pthread_t thread;
    bool started;
};

struct reader_pool {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct call *first, **last;
    struct reader_job *first_job, **last_job;
    size_t waiting, queue_max;
    bool draining, job_is_next;
    unsigned workers_count;
    struct worker workers[];
};

/* What is next: a query or a step of an export, in turns where both wait. Under the lock. */
static struct reader_job *take_job(struct reader_pool *pool) {
    if (pool->first_job == NULL || (pool->first != NULL && !pool->job_is_next)) {
        return NULL;
    }
    struct reader_job *job = pool->first_job;
    pool->first_job = job->next;
    if (pool->first_job == NULL) {
        pool->last_job = &pool->first_job;
    }
    pool->job_is_next = false;
    return job;
}

static struct call *take_call(struct reader_pool *pool) {
    struct call *call = pool->first;
    pool->first = call->next;
    if (pool->first == NULL) {
        pool->last = &pool->first;
    }
    pool->waiting--;
    pool->job_is_next = true;
    return call;
}

static void *work(void *context) {
    struct worker *worker = context;
    struct reader_pool *pool = worker->pool;
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (pool->first == NULL && pool->first_job == NULL && !pool->draining) {
            pthread_cond_wait(&pool->wake, &pool->lock);
        }
        struct reader_job *job = take_job(pool);
        struct call *call = job == NULL && pool->first != NULL ? take_call(pool) : NULL;
        if (job == NULL && call == NULL) {
            break;
        }
        pthread_mutex_unlock(&pool->lock);
        if (job != NULL) {
            job->run(job, worker->reader);
        } else {
            call->scratch = &worker->scratch;
            call->query(call, worker->reader);
            arena_reset(&worker->scratch);
        }
        pthread_mutex_lock(&pool->lock);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

enum error reader_pool_open(const struct reader_pool_options *options, struct reader_pool **out,
                            struct failure *failure) {
    struct reader_pool *pool = calloc(1, sizeof *pool + options->threads * sizeof pool->workers[0]);
    if (pool == NULL) {
        return failure_set(failure, ERROR_MEMORY, "There is no memory for the readers.");
    }
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->wake, NULL);
    pool->last = &pool->first;
    pool->last_job = &pool->first_job;
    pool->queue_max = options->queue_max;
    for (unsigned i = 0; i < options->threads; i++) {
        struct worker *worker = &pool->workers[i];
        worker->pool = pool;
        arena_init(&worker->scratch, SCRATCH_BYTES_MAX);
        pool->workers_count++;
        enum error error = store_open_reader(options->store, &worker->reader, failure);
        if (error == ERROR_NONE && pthread_create(&worker->thread, NULL, work, worker) != 0) {
            error = failure_set(failure, ERROR_UNAVAILABLE, "No thread could be started.");
        }
        if (error != ERROR_NONE) {
            reader_pool_close(pool);
            return error;
        }
        worker->started = true;
    }
    *out = pool;
    return ERROR_NONE;
}

bool reader_pool_submit(struct reader_pool *pool, struct call *call) {
    call->next = NULL;
    pthread_mutex_lock(&pool->lock);
    bool taken = !pool->draining && pool->waiting < pool->queue_max;
    if (taken) {
        *pool->last = call;
        pool->last = &call->next;
        pool->waiting++;
        pthread_cond_signal(&pool->wake);
    }
    pthread_mutex_unlock(&pool->lock);
    return taken;
}

bool reader_pool_continue(struct reader_pool *pool, struct reader_job *job) {
    job->next = NULL;
    pthread_mutex_lock(&pool->lock);
    bool taken = !pool->draining;
    if (taken) {
        *pool->last_job = job;
        pool->last_job = &job->next;
        pthread_cond_signal(&pool->wake);
    }
    pthread_mutex_unlock(&pool->lock);
    return taken;
}

size_t reader_pool_depth(struct reader_pool *pool) {
    pthread_mutex_lock(&pool->lock);
    size_t waiting = pool->waiting;
    pthread_mutex_unlock(&pool->lock);
    return waiting;
}

void reader_pool_drain(struct reader_pool *pool) {
    pthread_mutex_lock(&pool->lock);
    pool->draining = true;
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->lock);
    for (unsigned i = 0; i < pool->workers_count; i++) {
        struct worker *worker = &pool->workers[i];
        if (worker->started) {
            pthread_join(worker->thread, NULL);
            worker->started = false;
        }
    }
}

void reader_pool_close(struct reader_pool *pool) {
    if (pool == NULL) {
        return;
    }
    reader_pool_drain(pool);
    for (unsigned i = 0; i < pool->workers_count; i++) {
        if (pool->workers[i].reader != NULL) {
            store_reader_close(pool->workers[i].reader);
        }
        arena_finish(&pool->workers[i].scratch);
    }
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}
