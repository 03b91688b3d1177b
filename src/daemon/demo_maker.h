/* demo_maker.h - who makes the demonstration's history, and when it is for them. Private to
 * demo_*.c. */
#pragma once

#include "executor/executor.h"
#include "store/store.h"

enum { DEMO_TYPES_MAX = 8 };

struct demo_maker {
    struct instant now; /* the clock's; only moved between two commands */
    struct instant end; /* of the history */
    struct store *store;
    struct executor *executor;
    struct arena arena;
    struct failure *failure;
    uint64_t seed;
    unsigned orders;
    struct {
        struct uuid id;
        unsigned weight; /* how often it is asked for */
    } types[DEMO_TYPES_MAX];
    size_t types_count;
    struct caller admin, shop, box_office, partner;
    struct outcome outcome; /* of the last command; its rows live until the next one */
};

/* True: granted. */
bool demo_run(struct demo_maker *maker, const struct command *command);

/* Six weeks, more or less, up to `end`: people buy, walk away, hand back, and are told why there
 * are more or fewer tickets. */
MUST_USE enum error demo_sales_make(struct demo_maker *maker);
