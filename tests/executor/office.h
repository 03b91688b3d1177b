/* office.h - a store, an executor and a few ticket types, for the tests of this folder.
 *
 * Its clock is stepped by the test. A gate can hold the lane after a commit, so
 * that what is sent meanwhile makes one batch. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "executor/executor.h"
#include "store/memory/memory_store.h"

struct office {
    struct store *store;
    struct executor *executor;
    _Atomic int64_t now_us, pace_us; /* a look at the clock moves it on by the second */
    int64_t ahead_us;                /* the executor's clock, of the store's */
    struct uuid event, type;
    struct arena arena; /* of the test's thread */
    char path[64];      /* of a database in a file; empty: in memory */

    pthread_mutex_t lock;
    pthread_cond_t moved;
    bool holds_lane, lane_is_held;
    uint64_t commits;
    size_t entries_most; /* in one commit */
    uint64_t expiries, prunes;
};

struct office_options {
    int32_t tickets;
    bool on_disk, with_janitor;
    int64_t ahead_seconds;
    unsigned lanes;
    size_t inbox_max, batch_arena_bytes;
};

void office_open(struct office *office, const struct office_options *options);
void office_close(struct office *office);

/* Stops the executor and starts another one over the same store. */
void office_reopen(struct office *office, const struct office_options *options);

/* Makes one more of each. */
struct uuid office_add_event(struct office *office);
struct uuid office_add_type(struct office *office, struct uuid event, int32_t tickets);

/* A type as another program might have made it: written into the (memory) store past the executor,
 * with an id that ends in `lane`, whatever its event's ids end in. `audit_seq` is what its row
 * claims to have in the log, which is empty. */
struct uuid office_adopt_type(struct office *office, int32_t tickets, uint16_t lane,
                              int64_t audit_seq);

void office_pass_seconds(struct office *office, int64_t seconds);

/* The lane stops at its next commit (which is made, by a settings change) until it is let go. */
void office_hold_lane(struct office *office);
void office_let_lane_go(struct office *office);

/* Waits until that many expiries, or prunes, have been committed. */
void office_await_expiries(struct office *office, uint64_t expiries);
void office_await_prunes(struct office *office, uint64_t prunes);

struct executor_statistics office_statistics(const struct office *office);

/* Of a memory store. */
void office_set_faults(struct office *office, struct memory_faults faults);

struct counts office_counts(struct office *office, struct uuid id);

/* Commands. `key` 0: none. */
struct command office_reserve(struct uuid type, int32_t quantity, int32_t seconds, uint64_t key);
struct command office_complete(struct uuid reservation, const char *order_id, uint64_t key);
struct command office_release(struct uuid reservation);

/* Does it and returns the verdict; `made` (or NULL) becomes the id of its first line. */
enum verdict office_do(struct office *office, const struct command *command, struct uuid *made);

/* Many submissions whose answers are awaited together. */
struct answered {
    enum verdict verdict;
    bool replayed, is_answered;
    struct uuid id; /* of the first line */
    unsigned times;
    int64_t took_us;
};

struct crowd {
    struct office *office;
    struct submission *submissions;
    struct answered *answers;
    size_t count, sent;
    pthread_mutex_t lock;
    pthread_cond_t done;
    size_t answered;
};

void crowd_open(struct crowd *crowd, struct office *office, size_t count);
void crowd_send(struct crowd *crowd, const struct command *command);
/* Until every one that was sent has its answer. */
void crowd_await(struct crowd *crowd);
size_t crowd_count(const struct crowd *crowd, enum verdict verdict);
void crowd_close(struct crowd *crowd);
