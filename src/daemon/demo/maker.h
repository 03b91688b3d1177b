/* maker.h - who makes the demonstration's history, and when it is for them. Private to
 * this folder. */
#pragma once

#include "daemon/demo/programme.h"
#include "executor/executor.h"
#include "store/reader.h"
#include "store/store.h"

enum { DEMO_TYPES_MAX = 24, DEMO_TILLS = 2, DEMO_TILL_OPENS = 10, DEMO_TILL_CLOSES = 18 };

struct demo_till {
    struct caller cashier;
    struct uuid shift_id;
    bool is_open;
};

struct demo_stock {
    struct uuid id;
    const struct demo_type *plan;
    size_t event;
    int32_t sold; /* without what was refunded */
    double owed;  /* tickets that should have been asked for by now, and were not */
};

struct demo_maker {
    struct instant now;   /* the clock's; only moved while nothing is being decided */
    struct instant today; /* its first instant, there */
    struct instant end;   /* of the history */
    struct store *store;
    struct executor *executor;
    struct store_reader *reader; /* while sales are made */
    struct arena arena;
    struct failure *failure;
    uint64_t seed;
    unsigned orders;
    struct demo_stock stock[DEMO_TYPES_MAX];
    size_t stock_count;
    struct uuid events[DEMO_TYPES_MAX];
    struct caller admin, manager, shop, partner;
    struct demo_till tills[DEMO_TILLS];
    struct outcome outcome; /* of the last demo_run(); its rows live until the next one */
};

/* True: granted. */
bool demo_run(struct demo_maker *maker, const struct command *command);

/* The failure of a last command that was not. */
enum error demo_stuck(struct demo_maker *maker, const char *what);

/* The hour there, 0 to 23. */
int demo_hour(const struct demo_maker *maker);

/* Opens the tills that should be open by now, and counts and closes the others. False: one of them
 * could not be. */
bool demo_tills_see_to(struct demo_maker *maker);

/* 0 … count - 1, the same in every demonstration. */
unsigned demo_random(struct demo_maker *maker, unsigned count);

/* The callers of the maker, and how to sign in as them. */
struct demo_history;
MUST_USE enum error demo_people_make(struct demo_maker *maker, struct demo_history *history);

/* The same on a database where they are: new keys. */
MUST_USE enum error demo_people_return(struct demo_maker *maker, struct demo_history *history);

/* The last that is made, the key in clear; by it a whole history is known from one that was
 * interrupted. */
MUST_USE enum error demo_people_end(struct demo_maker *maker, struct demo_history *history);

/* Whether it is among the keys in `page`. */
bool demo_people_ended(const struct page *page);

/* Whether one of the staff in `page` is who every demonstration begins with. */
bool demo_people_are_in(const struct page *page);

/* The weeks up to `end`: people buy, walk away, hand back, and are told why there are more or fewer
 * tickets. */
MUST_USE enum error demo_sales_make(struct demo_maker *maker);
