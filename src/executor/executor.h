/* executor.h - many threads in, one batch at a time out.
 *
 * Everything that waits is taken as one batch and committed in one database
 * transaction. There is no artificial delay: while one batch commits, the next
 * one gathers. Two commands of one batch see each other's effects, in order.
 *
 * Over a store that takes several writers there are several such lanes; what
 * belongs to one event goes through one of them, in the order in which it came. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/failure.h"
#include "domain/command.h"
#include "domain/outcome.h"
#include "store/store.h"

struct executor;

/* A command on its way. The caller owns it and what it points to until `on_done` has been called,
 * exactly once, on its lane's thread. `outcome` lives only during the call. on_done must be quick
 * and must not submit and wait. */
struct submission {
    struct command command;
    void (*on_done)(struct submission *submission, const struct outcome *outcome);
    void *owner;

    struct submission *next; /* the executor's, while it is on its way */
    int64_t submitted_us;    /* monotonic */
};

struct executor_options {
    struct clock clock; /* zero: the system's; for fresh ids and old idempotency keys */
    unsigned lanes; /* zero: by cores, 2 to 8, over a shared store, else 1; no more than it takes */
    size_t inbox_max;         /* zero: 8,192 commands that wait for one lane, then VERDICT_BUSY */
    size_t batch_arena_bytes; /* of each lane; zero: 64 MiB */
    bool no_janitor;          /* tests that sweep by themselves */
    /* Called on a lane's thread after each of its commits and before their replies leave, with the
     * world as committed: whoever keeps a copy of counts or keys brings it up to date here. Of two
     * lanes that commit the same row one after the other, the second may be heard first. */
    void (*on_commit)(void *context, const struct world *world);
    void *context;
};

/* Of all lanes together. */
struct executor_statistics {
    uint64_t lanes;
    uint64_t commits;
    uint64_t commands;           /* answered */
    uint64_t refusals, failures; /* of these: by the rules, by the world */
    uint64_t retries, splits, unknown_commits, expiries;
    uint64_t inbox_depth;       /* accepted, and not in a batch that runs */
    uint64_t quarantined_types; /* now: quarantine.h */
    /* Commits that took <= 2^(i+6) microseconds, the last one: more. */
    uint64_t commit_us_buckets[16], commit_us_sum;
    uint64_t batch_size_buckets[12]; /* commits of <= 2^i commands, the last one: more */
};

/* Starts the lanes and the janitor (the sweep of idle types each second; old idempotency keys). */
MUST_USE enum error executor_open(struct store *store, const struct executor_options *options,
                                  struct executor **executor, struct failure *failure);

/* Any thread. When it cannot be taken (full inbox, closing) on_done is called at once, on the
 * calling thread, with VERDICT_BUSY or VERDICT_SHUTTING_DOWN. */
void executor_submit(struct executor *executor, struct submission *submission);

/* The executor's own work (sweeps, key touches): as submit, but with slots that a full inbox keeps
 * free. */
void executor_submit_internal(struct executor *executor, struct submission *submission);

/* Submits and waits. The outcome and its rows are copied into `arena`. Never on a lane's thread.
 * ERROR_MEMORY: it was decided and the verdict stands in *outcome, but the rows do not fit. */
MUST_USE enum error executor_call(struct executor *executor, const struct command *command,
                                  struct arena *arena, struct outcome *outcome);

/* Writes every expiry that was due, when it began, on the types that the caller reaches; how many.
 * Blocks; never on a lane's thread. */
MUST_USE enum error executor_release_expired(struct executor *executor, const struct caller *caller,
                                             int64_t *released, struct failure *failure);

/* Nothing waits to be decided. */
bool executor_is_idle(const struct executor *executor);

/* Why the store cannot do its work now, and since when. A lane that met a failure asks each second
 * whether it is over, so that this ends by itself. */
struct executor_outage {
    struct instant since;
    struct failure failure;
};

/* The one that began first; false: there is none that the lanes know of. */
bool executor_find_outage(struct executor *executor, struct executor_outage *outage);

void executor_statistics(const struct executor *executor, struct executor_statistics *statistics);

/* Decides what all lanes have accepted, refuses the rest, stops the threads. Accepts NULL. Calls of
 * other threads must have returned before this one does. */
void executor_close(struct executor *executor);
