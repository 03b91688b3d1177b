#include "executor/executor.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/thread.h"
#include "executor/answer.h"
#include "executor/janitor.h"
#include "executor/lane.h"
#include "executor/steering.h"
#include "executor/sweep.h"

enum {
    /* A lane of a shared store waits for the network most of the time: two are of use even on one
     * core, and more than eight only share the database's own limits. */
    LANES_MIN = 2,
    LANES_MAX = 8,
    /* Clients who wait for their answers leave the inbox empty again and again for a moment. Only
     * after a longer silence is nobody kept waiting by the store's housekeeping. */
    QUIET_MS = 50,
    PROBE_EVERY_MS = 1000,
};

/* A lane and the thread that runs it. */
struct runner {
    struct lane lane;
    pthread_t thread;
};

struct executor {
    struct janitor janitor;
    struct quarantine quarantine;
    struct store *store;
    struct clock clock;
    unsigned lanes_count;
    struct runner runners[];
};

static enum inbox_event lane_rest(struct lane *lane) {
    bool more = true;
    for (;;) {
        bool is_away = outage_goes_on(&lane->outage);
        int quiet_ms = is_away ? PROBE_EVERY_MS : more ? QUIET_MS : -1;
        enum inbox_event event = inbox_wait(&lane->inbox, quiet_ms);
        if (event != INBOX_QUIET) {
            return event;
        }
        if (is_away) {
            lane_probe(lane);
        } else {
            more = store_idle(lane->options.writer);
        }
    }
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

/* --- life ------------------------------------------------------------------- */

static unsigned choose_lanes(const struct store *store, unsigned asked) {
    unsigned lanes = asked;
    if (lanes == 0 && !store->is_shared) {
        lanes = 1;
    } else if (lanes == 0) {
        long cores = sysconf(_SC_NPROCESSORS_ONLN);
        lanes = cores < LANES_MIN ? LANES_MIN : cores > LANES_MAX ? LANES_MAX : (unsigned)cores;
    }
    return lanes < store->writers_max ? lanes : store->writers_max;
}

/* A lane counts from when its thread runs. */
static enum error start_lane(struct executor *executor, const struct lane_options *options,
                             struct failure *failure) {
    struct runner *runner = &executor->runners[executor->lanes_count];
    struct lane_options own = *options;
    enum error error = store_open_writer(executor->store, &own.writer, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    lane_init(&runner->lane, &own);
    error = thread_start(&runner->thread, lane_work, &runner->lane, failure);
    if (error != ERROR_NONE) {
        lane_finish(&runner->lane);
        return error;
    }
    executor->lanes_count++;
    return ERROR_NONE;
}

static enum error start_threads(struct executor *executor, unsigned lanes,
                                const struct executor_options *options, struct failure *failure) {
    struct lane_options lane = {
        .sources = {.ids = fresh_ids, .monotonic_us = real_monotonic_us, .context = executor},
        .inbox_max = options->inbox_max,
        .batch_arena_bytes = options->batch_arena_bytes,
        .quarantine = &executor->quarantine,
        .on_commit = options->on_commit,
        .context = options->context,
    };
    enum error error = ERROR_NONE;
    for (unsigned i = 0; i < lanes && error == ERROR_NONE; i++) {
        error = start_lane(executor, &lane, failure);
    }
    if (error == ERROR_NONE && !options->no_janitor) {
        struct janitor_neighbours neighbours = {.executor = executor,
                                                .store = executor->store,
                                                .quarantine = &executor->quarantine,
                                                .clock = executor->clock};
        error = janitor_start(&executor->janitor, &neighbours, failure);
    }
    return error;
}

enum error executor_open(struct store *store, const struct executor_options *options,
                         struct executor **opened, struct failure *failure) {
    unsigned lanes = choose_lanes(store, options->lanes);
    struct executor *executor = calloc(1, sizeof *executor + lanes * sizeof executor->runners[0]);
    if (executor == NULL) {
        return failure_set(failure, ERROR_MEMORY, "no memory for the executor");
    }
    executor->store = store;
    executor->clock = options->clock.now == NULL ? clock_system() : options->clock;
    quarantine_init(&executor->quarantine);
    enum error error = start_threads(executor, lanes, options, failure);
    if (error != ERROR_NONE) {
        executor_close(executor);
        return error;
    }
    *opened = executor;
    return ERROR_NONE;
}

/* In the order in which each still has what it needs: no lane is gone before all are done, because
 * what waits for one may go on with a command for another. */
void executor_close(struct executor *executor) {
    if (executor == NULL) {
        return;
    }
    janitor_stop(&executor->janitor);
    for (unsigned i = 0; i < executor->lanes_count; i++) {
        inbox_close(&executor->runners[i].lane.inbox);
    }
    for (unsigned i = 0; i < executor->lanes_count; i++) {
        pthread_join(executor->runners[i].thread, NULL);
    }
    for (unsigned i = 0; i < executor->lanes_count; i++) {
        lane_finish(&executor->runners[i].lane);
    }
    quarantine_finish(&executor->quarantine);
    free(executor);
}

/* --- work ------------------------------------------------------------------- */

static void submit(struct executor *executor, struct submission *submission, bool internal) {
    struct runner *runner =
        &executor->runners[command_lane(&submission->command) % executor->lanes_count];
    switch (lane_submit(&runner->lane, submission, internal)) {
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

static size_t waiting(const struct executor *executor) {
    size_t sum = 0;
    for (unsigned i = 0; i < executor->lanes_count; i++) {
        sum += atomic_load_explicit(&executor->runners[i].lane.inbox.waiting, memory_order_relaxed);
    }
    return sum;
}

bool executor_is_idle(const struct executor *executor) {
    return waiting(executor) == 0;
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

bool executor_find_outage(struct executor *executor, struct executor_outage *outage) {
    int64_t first_us = INT64_MAX;
    for (unsigned i = 0; i < executor->lanes_count; i++) {
        struct failure failure;
        int64_t since_us;
        if (outage_read(&executor->runners[i].lane.outage, &failure, &since_us) &&
            since_us < first_us) {
            first_us = since_us;
            outage->failure = failure;
        }
    }
    if (first_us == INT64_MAX) {
        return false;
    }
    outage->since.us = clock_now(executor->clock).us - (monotonic_us() - first_us);
    return true;
}

void executor_statistics(const struct executor *executor, struct executor_statistics *statistics) {
    *statistics = (struct executor_statistics){
        .lanes = executor->lanes_count,
        .inbox_depth = waiting(executor),
        .quarantined_types = quarantine_count(&executor->quarantine),
    };
    for (unsigned i = 0; i < executor->lanes_count; i++) {
        tally_add_up(&executor->runners[i].lane.tally, statistics);
    }
}
