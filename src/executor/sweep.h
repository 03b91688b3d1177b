/* sweep.h - writes the expiries of types on which nothing else happens (R3). */
#pragma once

#include "executor/executor.h"
#include "store/reader.h"

enum { SWEEPS_PER_ROUND_MAX = 64 }; /* commands at once, well within INBOX_INTERNAL_SLOTS */

/* What some commands have done together. */
struct sweep_sum {
    int64_t released;
    bool more; /* some types have more that was due than went into their commits */
};

/* Sweeps each of these types once, at most SWEEPS_PER_ROUND_MAX: they share a commit where they
 * share a lane. One in quarantine is passed over. *sum grows by what was done. Blocks. */
enum verdict sweep_types(struct executor *executor, const struct uuid *types, size_t count,
                         struct sweep_sum *sum);

/* Lists the types that have expired reservations, those that `caller` reaches (NULL: all), and
 * sweeps each once; *sum grows by what was done. Blocks; never on a lane's thread.
 * ERROR_UNAVAILABLE where a sweep could not be done, but the others were. */
MUST_USE enum error sweep_due_types(struct executor *executor, struct store_reader *reader,
                                    const struct caller *caller, struct sweep_sum *sum,
                                    struct failure *failure);

/* Submits one internal command and waits for its verdict; *released is the outcome's. */
enum verdict sweep_run(struct executor *executor, const struct command *command, int64_t *released);
