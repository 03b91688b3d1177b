/* shop.h - buyers who never give up, and what they were told.
 *
 * Each buyer asks again, with the same key, until the request is answered for good; every such
 * answer is in a journal, and what it did to the counts is remembered. Passers-by take one ticket
 * at a time without a key: what they are not told remains unknown. The shop's threads work by
 * themselves until it is stopped. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kill/worker.h"

enum { SHOP_BUYERS_MAX = 16, SHOP_PASSERS_BY_MAX = 4, SHOP_SERVERS_MAX = 2 };

struct shop_options {
    const char *urls[SHOP_SERVERS_MAX]; /* the buyers are spread over them; NULL: there is none */
    const char *key;                    /* an admin's */
    const char *journal;                /* its file */
    struct uuid types[TYPES];           /* passers-by take of the first one */
    int64_t initial[TYPES];
    unsigned buyers, passers_by;
    /* After an outcome_unknown a buyer takes a fresh key, as one who does not know of keys: the
     * control that must be found out. */
    bool are_blind;
};

struct shop_figures {
    uint64_t asked;        /* requests sent, each attempt */
    uint64_t acknowledged; /* 200 and 201, those of passers-by too */
    uint64_t refused;      /* 409 */
    uint64_t unavailable;  /* 503: for certain nothing was done */
    /* 503 outcome_unknown or a broken connection; of those of the buyers, how many had been done,
     * as asking again told. */
    uint64_t unknown, unknown_done;
    uint64_t keyless, keyless_unknown; /* tickets of passers-by: taken, perhaps taken */
    int64_t gap_us;                    /* the longest time between two acknowledgements */
};

struct shop;

struct shop *shop_open(const struct shop_options *options);

/* Any time, and for good once it is stopped. */
void shop_figures(struct shop *shop, struct shop_figures *figures);

/* Waits for so many more acknowledgements of the server (an index of `urls`); false: they have not
 * come within so long. */
bool shop_await(struct shop *shop, unsigned server, uint64_t more, int timeout_ms);

/* The same, of answers about one ticket type (an index of `types`), refusals too: so many that none
 * can have been decided before the call. */
bool shop_await_decisions(struct shop *shop, unsigned server, size_t type, int timeout_ms);

/* Waits until a figure of `shop_figures` is this high; false: it is not within so long. */
bool shop_await_unknown(struct shop *shop, uint64_t unknown, int timeout_ms);
bool shop_await_unknown_done(struct shop *shop, uint64_t unknown_done, int timeout_ms);
bool shop_await_unavailable(struct shop *shop, uint64_t unavailable, int timeout_ms);

/* Ends what is being asked; a buyer's open request is settled in shop_reckon(). */
void shop_stop(struct shop *shop);

/* After the stop, with a server that is well at `url`, and in the database itself: settles what is
 * open, asks for each answer of the journal again, and compares the counts. How many things are not
 * as they were told, and of answers, how many were lost. Each is named on stderr. */
struct shop_reckoning {
    uint64_t asked_again, lost, wrong;
};
struct shop_reckoning shop_reckon(struct shop *shop, const char *url, const char *database);

void shop_close(struct shop *shop);
