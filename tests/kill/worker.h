/* worker.h - one shop that sells, releases, refunds and adds without pause, and remembers what
 * must be true of the counts after each answer.
 *
 * Every request carries a key of its own. One request at a time: when the server
 * dies, at most this one is open, and worker_settle() asks for it again. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/uuid.h"
#include "daemon/api_client.h"
#include "kill/journal.h"

enum { WORKER_LINES_MAX = 256, TYPES = 2 };

struct expected_counts {
    int64_t total, sold, reserved;
};

struct worker_line {
    struct uuid id;
    size_t type;
    int32_t quantity;
    bool completed;
};

enum worker_action { RESERVE, COMPLETE, RELEASE, REFUND, INCREASE };

struct worker_request {
    bool open; /* sent, and not known to be answered */
    enum worker_action action;
    struct uuid key;
    size_t type, line;
    char path[160], body[256];
};

struct worker {
    const char *key; /* the API key */
    struct uuid types[TYPES];
    struct journal *journal;
    uint64_t seed;
    struct worker_line lines[WORKER_LINES_MAX];
    size_t lines_count;
    struct worker_request request;
    struct expected_counts expected[TYPES]; /* this worker's share */
    uint64_t acknowledged, refused;
    char wrong[512]; /* the first thing that must not be; "": nothing */
};

/* Sends requests to the server at `url` until it breaks. */
void worker_run(struct worker *worker, const char *url);

/* Asks for the open request again until it is answered, and once more: the second answer must be
 * the first one. */
void worker_settle(struct worker *worker, const char *url);

/* What both are made of, for those with more patience: a new request is chosen; it is asked once,
 * with its key; an answer that ends it is journalled and its effect remembered (false: it does
 * not). */
void worker_choose(struct worker *worker);
MUST_USE enum error worker_ask(struct worker *worker, struct api_client *client,
                               struct arena *arena, struct reply *reply);
bool worker_take(struct worker *worker, const struct reply *reply);
