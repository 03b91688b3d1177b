/* buyer.h - one person at an on-sale: reserves, thinks, completes or walks away.
 *
 *     reserves -> thinks -> completes -> done
 *        |           `-------------------^   (abandons: the tickets come back when they expire)
 *        `-------------------------------^   (sold out)
 *
 * Some hang up before the answer and ask again with the same key, some click
 * twice: the second answer must be the first one. Pure, but for its random
 * source; who carries the requests is the crowd's business. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/uuid.h"
#include "daemon/api_client.h"
#include "daemon/reply.h"

enum buyer_step { BUYER_RESERVES, BUYER_THINKS, BUYER_COMPLETES, BUYER_IS_DONE };

/* What the buyers of one rehearsal have in common. */
struct buyer_plan {
    struct uuid ticket_type_id;
    int32_t quantity_max;
    int32_t hold_seconds;
    unsigned abandon_percent, retry_percent;
    unsigned think_ms; /* on average */
};

enum { ANSWER_HASH_SIZE = 16, BUYER_ATTEMPTS_MAX = 50 };

struct buyer {
    enum buyer_step step;
    int32_t quantity;
    unsigned wait_ms; /* before the next request */
    bool abandons, hangs_up, clicks_twice;
    bool reserved, sold; /* so the server said */
    bool repeating;      /* this request has been answered once */
    bool failed;         /* gave up, or was told what cannot be */
    unsigned attempts;
    uint8_t answer[ANSWER_HASH_SIZE];
    struct uuid reserve_key, complete_key, reservation_id;
};

/* Over all buyers. */
struct buyer_tally {
    uint64_t sold_out, abandoned, sold, tickets_sold, tickets_abandoned;
    uint64_t busy;            /* told to come back */
    uint64_t repeated;        /* answered twice with one key */
    uint64_t changed_answers; /* and not the same both times: must be 0 */
    uint64_t hung_up, broken; /* answers that were not waited for, or did not come */
    uint64_t failed;          /* buyers that met what must not be */
    char first_failure[160];
};

/* The next number of a sequence that `seed` names. */
uint64_t random_next(uint64_t *seed);

void buyer_init(struct buyer *buyer, const struct buyer_plan *plan, uint64_t *seed);

/* What it asks now. Texts are in `arena`. */
struct api_request buyer_request(const struct buyer *buyer, const struct buyer_plan *plan,
                                 struct arena *arena);

/* It will not wait for the answer to this request. */
bool buyer_hangs_up(const struct buyer *buyer);

void buyer_take_answer(struct buyer *buyer, const struct buyer_plan *plan,
                       const struct reply *reply, uint64_t *seed, struct buyer_tally *tally);

/* There was none: it asks again, with the same key. */
void buyer_miss_answer(struct buyer *buyer, struct buyer_tally *tally);
