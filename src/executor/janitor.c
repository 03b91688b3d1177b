#include "executor/janitor.h"

#include "base/log.h"
#include "base/thread.h"
#include "domain/limits.h"
#include "executor/sweep.h"

enum { READ_ARENA_BYTES = 64 * 1024 }; /* one id */

static bool janitor_is_stopping(struct janitor *janitor) {
    pthread_mutex_lock(&janitor->lock);
    bool is_stopping = janitor->is_stopping;
    pthread_mutex_unlock(&janitor->lock);
    return is_stopping;
}

/* False: it was told to stop. */
static bool janitor_pause(struct janitor *janitor) {
    struct timespec until = thread_after_ms(janitor->pause_ms);
    pthread_mutex_lock(&janitor->lock);
    int waited = 0;
    while (!janitor->is_stopping && waited == 0) {
        waited = pthread_cond_timedwait(&janitor->stopped, &janitor->lock, &until);
    }
    bool goes_on = !janitor->is_stopping;
    pthread_mutex_unlock(&janitor->lock);
    return goes_on;
}

/* An opening minute's reservations end together: more than one commit may carry are swept round
 * after round, without a pause. */
static enum error janitor_sweep(struct janitor *janitor, struct failure *failure) {
    enum error error;
    struct sweep_sum sum;
    do {
        sum = (struct sweep_sum){.released = 0};
        error = sweep_due_types(janitor->with.executor, janitor->reader, NULL, &sum, failure);
    } while (error == ERROR_NONE && sum.more && !janitor_is_stopping(janitor));
    return error;
}

static struct instant earlier_of(struct instant a, struct instant b) {
    return instant_before(a, b) ? a : b;
}

/* The wall clock may have jumped ahead: keys are never forgotten sooner than by the time that has
 * really passed since the start, nor by the store's own, which other servers go by. */
static enum error forget_before(struct janitor *janitor, struct instant *before,
                                struct failure *failure) {
    struct arena arena;
    struct page page;
    arena_init(&arena, READ_ARENA_BYTES);
    enum error error = reader_due_types(janitor->reader, UUID_NONE, 1, &arena, &page, failure);
    if (error == ERROR_NONE) {
        struct instant passed = {janitor->began_at.us + (monotonic_us() - janitor->began_us)};
        struct instant now = earlier_of(clock_now(janitor->with.clock), page.as_of);
        *before = instant_plus_seconds(earlier_of(now, passed), -(int64_t)KEYS_KEPT_SECONDS);
    }
    arena_finish(&arena);
    return error;
}

static enum error janitor_prune(struct janitor *janitor, struct failure *failure) {
    struct command command = {.kind = COMMAND_PRUNE,
                              .caller = {.role = ROLE_ADMIN, .actor = ACTOR_NONE}};
    if (monotonic_us() < janitor->prune_due_us) {
        return ERROR_NONE;
    }
    enum error error = forget_before(janitor, &command.of.prune.before, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    while (monotonic_us() >= janitor->prune_due_us && executor_is_idle(janitor->with.executor) &&
           !janitor_is_stopping(janitor)) {
        int64_t pruned;
        enum verdict verdict = sweep_run(janitor->with.executor, &command, &pruned);
        if (verdict != VERDICT_GRANTED) {
            return failure_set(failure, ERROR_UNAVAILABLE, "old keys could not be forgotten");
        }
        if (pruned < PRUNE_ROWS_MAX) {
            janitor->prune_due_us = monotonic_us() + INT64_C(1000) * PRUNE_EVERY_MS;
        }
    }
    return ERROR_NONE;
}

/* What is in quarantine may have been mended: a batch that reads it finds out. */
static enum error janitor_visit(struct janitor *janitor, struct failure *failure) {
    if (quarantine_count(janitor->with.quarantine) == 0 || monotonic_us() < janitor->visit_due_us) {
        return ERROR_NONE;
    }
    struct uuid types[QUARANTINE_MAX];
    struct sweep_sum sum = {.released = 0};
    enum verdict verdict = VERDICT_GRANTED;
    size_t count = quarantine_list(janitor->with.quarantine, types, QUARANTINE_MAX);
    for (size_t i = 0; i < count && verdict == VERDICT_GRANTED; i += SWEEPS_PER_ROUND_MAX) {
        size_t left = count - i;
        verdict = sweep_types(janitor->with.executor, &types[i],
                              left < SWEEPS_PER_ROUND_MAX ? left : SWEEPS_PER_ROUND_MAX, &sum);
    }
    janitor->visit_due_us = monotonic_us() + QUARANTINE_SECONDS * INT64_C(1000000);
    return verdict == VERDICT_GRANTED
               ? ERROR_NONE
               : failure_set(failure, ERROR_UNAVAILABLE, "a type in quarantine could not be read");
}

static void janitor_round(struct janitor *janitor) {
    struct failure failure = {.error = ERROR_NONE};
    enum error error = janitor_sweep(janitor, &failure);
    if (error == ERROR_NONE) {
        error = janitor_prune(janitor, &failure);
    }
    if (error == ERROR_NONE) {
        error = janitor_visit(janitor, &failure);
    }
    if (error == ERROR_NONE) {
        janitor->pause_ms = JANITOR_PAUSE_MS;
        return;
    }
    log_line(LOG_WARNING, "sweep_failed", "error", error_name(error), "reason", failure.sentence,
             NULL);
    janitor->pause_ms *= 2;
    if (janitor->pause_ms > JANITOR_PAUSE_MAX_MS) {
        janitor->pause_ms = JANITOR_PAUSE_MAX_MS;
    }
}

static void *janitor_work(void *context) {
    struct janitor *janitor = context;
    do {
        janitor_round(janitor);
    } while (janitor_pause(janitor));
    return NULL;
}

static void init_waiting(struct janitor *janitor) {
    pthread_mutex_init(&janitor->lock, NULL);
    thread_condition_init(&janitor->stopped);
}

enum error janitor_start(struct janitor *janitor, const struct janitor_neighbours *neighbours,
                         struct failure *failure) {
    *janitor = (struct janitor){.with = *neighbours,
                                .began_at = clock_now(neighbours->clock),
                                .began_us = monotonic_us(),
                                .pause_ms = JANITOR_PAUSE_MS};
    janitor->prune_due_us = janitor->began_us;
    enum error error = store_open_reader(neighbours->store, &janitor->reader, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    init_waiting(janitor);
    error = thread_start(&janitor->thread, janitor_work, janitor, failure);
    if (error != ERROR_NONE) {
        pthread_cond_destroy(&janitor->stopped);
        pthread_mutex_destroy(&janitor->lock);
        store_reader_close(janitor->reader);
        return error;
    }
    janitor->is_started = true;
    return ERROR_NONE;
}

void janitor_stop(struct janitor *janitor) {
    if (!janitor->is_started) {
        return;
    }
    pthread_mutex_lock(&janitor->lock);
    janitor->is_stopping = true;
    pthread_cond_signal(&janitor->stopped);
    pthread_mutex_unlock(&janitor->lock);
    pthread_join(janitor->thread, NULL);
    pthread_cond_destroy(&janitor->stopped);
    pthread_mutex_destroy(&janitor->lock);
    store_reader_close(janitor->reader);
    janitor->is_started = false;
}
