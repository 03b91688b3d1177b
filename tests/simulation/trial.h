/* trial.h - one seed: a store, a lane, clients that retry, and everything that can go wrong.
 *
 * One thread, its own time, its own ids: the same seed does the same, to the
 * last answer. */
#pragma once

#include "base/arena.h"
#include "executor/lane.h"
#include "finding.h"
#include "random.h"
#include "store/memory/memory_store.h"
#include "store/reader.h"
#include "truth.h"

enum {
    EVENTS = 2,
    TYPES = 6,
    REQUESTS = 2048, /* whose keys are remembered for retries; at most TRUTH_EFFECTS */
    ATTEMPTS = 8192,
    RECENT = 256,
    CARTS = 64,
    CART_TYPES_MAX = 3,
    USERS = 5,
};

/* What one client wants, under one key, however often it has to ask. */
struct request {
    uint64_t number; /* 0: free */
    struct command command;
    struct item items[CART_TYPES_MAX + 1];
    char key[24], order_id[24];
    unsigned in_flight;
    struct uuid user_id;
    bool is_public, is_granted;
    bool is_at_till;
    size_t till; /* whose */
    char reason[DRAWER_REASON_SIZE];
    uint64_t digest; /* of the answer it got */
};

struct attempt {
    struct submission submission;
    struct request *request;
    struct attempt *next_free;
};

struct recent_cart {
    struct uuid id;
    uint32_t event;
    struct uuid lines[CART_TYPES_MAX];
    size_t lines_count;
};

enum trouble {
    TROUBLE_NONE,
    TROUBLE_AWAY,     /* answers may be "store unavailable" */
    TROUBLE_UNKNOWN,  /* or "outcome unknown" */
    TROUBLE_CRASH,    /* or none at all */
    TROUBLE_REJECTED, /* or "internal error" */
};

struct trial_counts {
    uint64_t operations, granted, refused, replayed, failed, unanswered;
    uint64_t batches, faults, crashes, jumps, retries, splits, expiries, entries;
};

struct trial {
    struct finding finding;
    struct random random;
    struct instant wall;
    int64_t monotonic_us;
    uint64_t ids_made;

    struct arena arena;
    struct store *store;
    struct store_reader *reader;
    struct lane lane;
    struct truth truth;

    struct uuid events[EVENTS], types[TYPES], users[USERS], poison_user;
    int32_t type_limits[TYPES];
    bool is_flood, verify_hashes;
    uint32_t faults_per_mille;

    struct request requests[REQUESTS];
    struct attempt attempts[ATTEMPTS];
    struct attempt *free_attempts;
    uint64_t numbers;
    struct uuid recent[RECENT], recent_sales[RECENT];
    struct recent_cart carts[CARTS];
    size_t recent_count, sales_count, carts_count;

    enum trouble trouble;
    bool commits_are_unknown; /* in this run of the lane */
    struct trial_counts counts;
    uint64_t trace;
};

/* Runs about `operations` commands; false with trial->finding when something was wrong. `trial` is
 * large: not for the stack. */
bool trial_run(struct trial *trial, uint64_t seed, uint64_t operations);

/* shop.c: a new request of some kind, or an old one again. NULL: all slots are busy. */
struct request *shop_next(struct trial *trial);
struct request *shop_reserve(struct trial *trial, uint32_t type, int32_t quantity, int32_t seconds);
void shop_submit(struct trial *trial, struct request *request);

/* answers.c: is this answer true? */
void answer_check(struct submission *submission, const struct outcome *outcome);

/* The types that a command is about are looked at when the batch is over (I7). */
void answer_touch_types(struct trial *trial, const struct request *request);

/* --- for answers.c and refusals.c alone --- */

/* Reports it; false. */
bool answer_untrue(struct trial *trial, const struct request *request, const char *what);

/* How many entries the log has for the request in this batch. */
size_t answer_effect(const struct trial *trial, const struct request *request);

void answer_check_refusal(struct trial *trial, struct request *request,
                          const struct outcome *outcome);

/* A failure is true only where one was asked for. */
void answer_check_failure(struct trial *trial, struct request *request,
                          const struct outcome *outcome);
