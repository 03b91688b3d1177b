/* visit.h - one person at the shop or at the till, from the first click to a refund a week
 * later.
 *
 *     reserves -> pays -> refunds -> done
 *        |-> empties the cart -> done
 *        |-> is never seen again (the reservation expires)
 *     sells (at the till) -> done        adjusts (the stock) -> done
 *
 * What it does next is made into a command; what came of it says what is next, and when. */
#pragma once

#include "daemon/demo/maker.h"

enum demo_step {
    DEMO_RESERVES,
    DEMO_PAYS,
    DEMO_EMPTIES,
    DEMO_EXPIRES,
    DEMO_REFUNDS,
    DEMO_SELLS,
    DEMO_ADJUSTS,
    DEMO_IS_DONE,
};

struct demo_visit {
    enum demo_step step;
    struct instant due; /* of this step: with the first group that is not before it */
    size_t stock;
    struct item item;
    enum channel channel;
    bool stays; /* in the checkout when the history ends */
    const struct caller *caller;
    const struct demo_change *change;
    const char *tender, *reason; /* or NULL */
    struct target target;        /* the reservation, or the cart that was sold at the till */
    char order_id[24];

    struct submission submission;
    bool granted;
};

/* Somebody comes for a ticket type at the maker's time. */
void demo_visit_begin(struct demo_visit *visit, struct demo_maker *maker, size_t stock);

/* Somebody who has not decided yet when the history ends. */
void demo_visit_stay(struct demo_visit *visit, struct demo_maker *maker, size_t stock,
                     int32_t quantity);

void demo_visit_change(struct demo_visit *visit, struct demo_maker *maker,
                       const struct demo_change *change);

/* The command of its step, into the submission. */
void demo_visit_ask(struct demo_visit *visit, struct demo_maker *maker);

/* After its command was decided. */
void demo_visit_go_on(struct demo_visit *visit, struct demo_maker *maker);
