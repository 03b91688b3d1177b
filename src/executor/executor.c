#include "executor/executor.h"

#include <stdlib.h>

#include "executor/answer.h"
#include "executor/janitor.h"
#include "executor/lane.h"
#include "executor/sweep.h"
#include "executor/thread.h"

struct executor {
    struct lane lane;
    struct janitor janitor;
    struct store *store;
    struct clock clock;
    pthread_t thread;
};

/* Clients who wait for their answers leave the inbox empty again and again for a moment. Only after
 * a longer silence is nobody kept waiting by the store's housekeeping. */
enum { QUIET_MS = 50 };

static enum inbox_event lane_rest(struct lane *lane) {
    bool more = true;
    enum inbox_event event = inbox_wait(&lane->inbox, QUIET_MS);
    while (event == INBOX_QUIET) {
        more = more && store_idle(lane->options.writer);
        event = inbox_wait(&lane->inbox, more ? QUIET_MS : -1);
    }
    return event;
}

static void *lane_work(void *context) {
    struct lane *lane = context;
    do {
        while (lane_run_once(lane)) {
        }
    } while (lane_rest(lane) == INBOX_ARRIVED);
    return NULL;
}

static struct uuid fresh_ids(void *context, uint32_t count) {
    const struct executor *executor = context;
    return uuid_block(clock_now(executor->clock), count);
}

static int64_t real_monotonic_us(void *context) {
    (void)context;
    return monotonic_us();
}

/* Everything but the writer stops here, in the order in which each still has what it needs. */
static void executor_stop(struct executor *executor) {
    janitor_stop(&executor->janitor);
    inbox_close(&executor->lane.inbox);
    pthread_join(executor->thread, NULL);
}

static enum error start_threads(struct executor *executor, bool no_janitor,
                                struct failure *failure) {
    enum error error = thread_start(&executor->thread, lane_work, &executor->lane, failure);
    if (error != ERROR_NONE || no_janitor) {
        return error;
    }
    error = janitor_start(&executor->janitor, executor, executor->store, executor->clock, failure);
    if (error != ERROR_NONE) {
        executor_stop(executor);
    }
    return error;
}

enum error executor_open(struct store *store, const struct executor_options *options,
                         struct executor **opened, struct failure *failure) {
    struct executor *executor = calloc(1, sizeof *executor);
    if (executor == NULL) {
        return failure_set(failure, ERROR_MEMORY, "no memory for the executor");
    }
    executor->store = store;
    executor->clock = options->clock.now == NULL ? clock_system() : options->clock;
    struct lane_options lane = {
        .sources = {.ids = fresh_ids, .monotonic_us = real_monotonic_us, .context = executor},
        .inbox_max = options->inbox_max,
        .batch_arena_bytes = options->batch_arena_bytes,
        .on_commit = options->on_commit,
        .context = options->context,
    };
    enum error error = store_open_writer(store, &lane.writer, failure);
    if (error != ERROR_NONE) {
        free(executor);
        return error;
    }
    lane_init(&executor->lane, &lane);
    error = start_threads(executor, options->no_janitor, failure);
    if (error != ERROR_NONE) {
        lane_finish(&executor->lane);
        free(executor);
        return error;
    }
    *opened = executor;
    return ERROR_NONE;
}

void executor_close(struct executor *executor) {
    if (executor == NULL) {
        return;
    }
    executor_stop(executor);
    lane_finish(&executor->lane);
    free(executor);
}

static void submit(struct executor *executor, struct submission *submission, bool internal) {
    switch (lane_submit(&executor->lane, submission, internal)) {
    case INBOX_TAKEN: /* and perhaps already answered and gone */
        return;
    case INBOX_FULL:
        answer_failure(submission, VERDICT_BUSY);
        return;
    case INBOX_CLOSED:
        answer_failure(submission, VERDICT_SHUTTING_DOWN);
        return;
    }
}

void executor_submit(struct executor *executor, struct submission *submission) {
    submit(executor, submission, false);
}

void executor_submit_internal(struct executor *executor, struct submission *submission) {
    submit(executor, submission, true);
}

bool executor_is_idle(const struct executor *executor) {
    return atomic_load_explicit(&executor->lane.inbox.waiting, memory_order_relaxed) == 0;
}

enum error executor_release_expired(struct executor *executor, const struct caller *caller,
                                    int64_t *released, struct failure *failure) {
    struct store_reader *reader;
    enum error error = store_open_reader(executor->store, &reader, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    /* Not until nothing is due: in a rush something expires at every moment. */
    struct sweep_sum sum = {.released = 0};
    do {
        sum.more = false;
        error = sweep_due_types(executor, reader, caller, &sum, failure);
    } while (error == ERROR_NONE && sum.more);
    store_reader_close(reader);
    if (error == ERROR_NONE) {
        *released = sum.released;
    }
    return error;
}

void executor_statistics(const struct executor *executor, struct executor_statistics *statistics) {
    tally_read(&executor->lane.tally, statistics);
    statistics->inbox_depth =
        atomic_load_explicit(&executor->lane.inbox.waiting, memory_order_relaxed);
}
