#include "executor/sweep.h"

#include <pthread.h>

enum { LIST_ARENA_BYTES = 1 << 20 }; /* 64 ids and rows with the texts of a type */

/* Commands that one thread has sent together and waits for. */
struct flight {
    pthread_mutex_t lock;
    pthread_cond_t landed;
    size_t in_the_air;
    struct sweep_sum sum;
    enum verdict failure; /* the last one, else VERDICT_GRANTED */
};

static void flight_init(struct flight *flight) {
    *flight = (struct flight){.failure = VERDICT_GRANTED};
    pthread_mutex_init(&flight->lock, NULL);
    pthread_cond_init(&flight->landed, NULL);
}

static void flight_on_done(struct submission *submission, const struct outcome *outcome) {
    struct flight *flight = submission->owner;
    pthread_mutex_lock(&flight->lock);
    if (outcome->verdict == VERDICT_GRANTED) {
        flight->sum.released += outcome->released;
        flight->sum.more |= outcome->more_expired;
    } else if (outcome->verdict != VERDICT_INVENTORY_INCONSISTENT &&
               outcome->verdict != VERDICT_NOT_FOUND) {
        flight->failure = outcome->verdict; /* a type in quarantine must not stop the others */
    }
    if (--flight->in_the_air == 0) {
        pthread_cond_signal(&flight->landed);
    }
    pthread_mutex_unlock(&flight->lock);
}

static void flight_run(struct flight *flight, struct executor *executor,
                       struct submission *submissions, size_t count) {
    flight->in_the_air = count;
    for (size_t i = 0; i < count; i++) {
        submissions[i].on_done = flight_on_done;
        submissions[i].owner = flight;
        executor_submit_internal(executor, &submissions[i]);
    }
    pthread_mutex_lock(&flight->lock);
    while (flight->in_the_air > 0) {
        pthread_cond_wait(&flight->landed, &flight->lock);
    }
    pthread_mutex_unlock(&flight->lock);
}

static void flight_finish(struct flight *flight) {
    pthread_cond_destroy(&flight->landed);
    pthread_mutex_destroy(&flight->lock);
}

enum verdict sweep_run(struct executor *executor, const struct command *command,
                       int64_t *released) {
    struct submission submission = {.command = *command};
    struct flight flight;
    flight_init(&flight);
    flight_run(&flight, executor, &submission, 1);
    flight_finish(&flight);
    *released = flight.sum.released;
    return flight.failure;
}

enum verdict sweep_types(struct executor *executor, const struct uuid *types, size_t count,
                         struct sweep_sum *sum) {
    struct submission submissions[SWEEPS_PER_ROUND_MAX];
    for (size_t i = 0; i < count; i++) {
        submissions[i] =
            (struct submission){.command = {.kind = COMMAND_SWEEP,
                                            .caller = {.role = ROLE_ADMIN, .actor = ACTOR_NONE},
                                            .of.sweep = types[i]}};
    }
    struct flight flight;
    flight_init(&flight);
    flight_run(&flight, executor, submissions, count);
    flight_finish(&flight);
    sum->released += flight.sum.released;
    sum->more |= flight.sum.more;
    return flight.failure;
}

/* Keeps those whose event the caller reaches; the count that is left. */
static enum error keep_reached(struct store_reader *reader, const struct caller *caller,
                               struct arena *arena, struct page *types, struct failure *failure) {
    struct uuid *ids = types->rows;
    size_t kept = 0;
    for (size_t i = 0; i < types->count; i++) {
        struct type_reading type;
        enum error error = reader_type(reader, ids[i], arena, &type, failure);
        if (error != ERROR_NONE) {
            return error;
        }
        if (caller_reaches_event(caller, type.row.event_id)) {
            ids[kept++] = ids[i];
        }
    }
    types->count = kept;
    return ERROR_NONE;
}

static enum error sweep_page(struct executor *executor, struct store_reader *reader,
                             const struct caller *caller, struct uuid *after, struct sweep_sum *sum,
                             struct failure *failure) {
    struct arena arena;
    struct page types;
    arena_init(&arena, LIST_ARENA_BYTES);
    enum error error =
        reader_due_types(reader, *after, SWEEPS_PER_ROUND_MAX, &arena, &types, failure);
    bool is_last = error != ERROR_NONE || types.count < SWEEPS_PER_ROUND_MAX;
    if (error == ERROR_NONE && types.count > 0) {
        *after = ((struct uuid *)types.rows)[types.count - 1];
        if (caller != NULL && caller->events_count > 0) {
            error = keep_reached(reader, caller, &arena, &types, failure);
        }
    }
    if (error == ERROR_NONE && types.count > 0 &&
        sweep_types(executor, types.rows, types.count, sum) != VERDICT_GRANTED) {
        error = failure_set(failure, ERROR_UNAVAILABLE, "a sweep of expired reservations failed");
    }
    if (is_last) {
        *after = UUID_NONE;
    }
    arena_finish(&arena);
    return error;
}

enum error sweep_due_types(struct executor *executor, struct store_reader *reader,
                           const struct caller *caller, struct sweep_sum *sum,
                           struct failure *failure) {
    struct uuid after = UUID_NONE;
    enum error error;
    do {
        error = sweep_page(executor, reader, caller, &after, sum, failure);
    } while (error == ERROR_NONE && !uuid_is_none(after));
    return error;
}
