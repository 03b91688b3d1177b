/* spec.h - what isolationtester is given: batches taken apart, in every order that their locks
 * allow.
 *
 * A batch is the product's own SQL (store/postgres/sql), with literals for what a
 * server gives, and with rows from office.sql for what it decides. Each session
 * is one server with one batch: lock, read, write, commit. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "interleaving.h"
#include "store/postgres/query.h"

/* Things that are waited for: the first of the types, then the key. */
enum { TYPE_1 = 1, TYPE_2 = 2, TYPE_3 = 4, KEY = 8, EVENT = 16 };

/* Another text in a query: what the control leaves out. */
struct mutant {
    enum query query;
    const char *from, *to; /* from NULL: there is none */
};

struct batch {
    /* SQL lists of uuids, NULL for none: what keys_add finds in the batch's commands. */
    const char *types, *reservations, *carts, *events;
    const char *customer_type, *customer; /* whose sum is read */
    const char *key;                      /* idempotency key, or NULL */
    const char *now;                      /* the time that is given to it */
    const char *decide;                   /* a CALL of office.sql; NULL: none */
    const char *prune_before;             /* NULL: does not */
    unsigned takes, takes_in_write;       /* what it waits for */
    bool again;                           /* once more, as after an error that is retried */
    struct mutant mutant;
    /* Instead of all that: steps of others; what they take they have until the last one. */
    const char *foreign[4];
};

struct spec {
    const char *promise; /* a sentence */
    const char *house;   /* SQL: what there is before */
    const char *came_true;
    struct batch batches[SESSIONS_MAX];
    size_t batches_count;
    const char *may_fail[2]; /* the errors that it may meet */
    /* A control: at least one order shows this, a judgement or an error. */
    const char *must_show;
    const char *order; /* the only one; NULL: all that there are */
};

extern const struct spec specs[];
extern const size_t specs_count;

/* Writes it. Returns the number of permutations. */
size_t spec_write(const struct spec *spec, const struct queries *queries, FILE *to);
