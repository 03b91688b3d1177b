/* The sales of the demonstration: what a shop, a box office and a partner do in six weeks. */
#include <stdio.h>

#include "base/check.h"
#include "daemon/buyer.h"
#include "daemon/demo_maker.h"

enum { ARRIVALS = 520, HOLD_SECONDS = 900, LAST_HOLD_SECONDS = 1800, REFUND_AFTER_SECONDS = 3600 };

static unsigned below(struct demo_maker *maker, unsigned count) {
    return (unsigned)(random_next(&maker->seed) % count);
}

static size_t choose_type(struct demo_maker *maker) {
    unsigned sum = 0;
    for (size_t i = 0; i < maker->types_count; i++) {
        sum += maker->types[i].weight;
    }
    require(sum > 0); /* every ticket type above has a weight */
    unsigned at = below(maker, sum);
    for (size_t i = 0; i < maker->types_count; i++) {
        if (at < maker->types[i].weight) {
            return i;
        }
        at -= maker->types[i].weight;
    }
    return 0;
}

/* The sweep writes expiries within a second of their time; so does this. */
static enum error pass_and_sweep(struct demo_maker *maker, unsigned seconds) {
    int64_t released = 0;
    enum error error = ERROR_NONE;
    unsigned step = seconds < HOLD_SECONDS ? seconds : HOLD_SECONDS + 1;
    maker->now = instant_plus_seconds(maker->now, step);
    error = executor_release_expired(maker->executor, &maker->admin, &released, maker->failure);
    maker->now = instant_plus_seconds(maker->now, seconds - step);
    return error;
}

static void pass(struct demo_maker *maker, unsigned seconds) {
    maker->now = instant_plus_seconds(maker->now, seconds);
}

static void adjust(struct demo_maker *maker, size_t type, enum action action, int32_t quantity,
                   const char *reason) {
    struct command command = {
        .kind = COMMAND_ADJUST,
        .caller = maker->admin,
        .of.adjust = {.ticket_type_id = maker->types[type].id,
                      .action = action,
                      .quantity = quantity,
                      .reason = text_of(reason),
                      .expected_total = -1},
    };
    (void)demo_run(maker, &command); /* refused where too many are sold by now: as in real life */
}

static void sell_at_the_door(struct demo_maker *maker, const struct item *item) {
    static const char *const guests[] = {"Press", "Choir family", "Sponsor",
                                         "Winner of the raffle"};
    bool is_gift = below(maker, 6) == 0;
    struct command command = {
        .kind = COMMAND_SELL,
        .caller = maker->box_office,
        .of.sell = {.items = {item, 1},
                    .tender = is_gift                ? TEXT_NONE
                              : below(maker, 3) == 0 ? TEXT("cash")
                                                     : TEXT("card"),
                    .reason = is_gift ? text_of(guests[below(maker, 4)]) : TEXT_NONE,
                    .channel = is_gift ? CHANNEL_COMP : CHANNEL_BOX_OFFICE},
    };
    (void)demo_run(maker, &command);
}

static void refund(struct demo_maker *maker, struct uuid reservation_id, int32_t quantity) {
    static const char *const reasons[] = {"Taken ill", "Double booking", "Cannot make the date",
                                          "Wrong category bought"};
    struct command command = {
        .kind = COMMAND_REFUND,
        .caller = maker->shop,
        .of.refund = {.target = {reservation_id, false},
                      .quantity = quantity,
                      .reason = text_of(reasons[below(maker, 4)]),
                      .disposition = DISPOSITION_RETURN},
    };
    pass(maker, REFUND_AFTER_SECONDS + below(maker, REFUND_AFTER_SECONDS));
    (void)demo_run(maker, &command);
}

/* Reserves; then most pay, some empty the cart, some are never seen again. */
static void buy_online(struct demo_maker *maker, const struct item *item) {
    bool through_partner = below(maker, 12) == 0;
    char order_id[32];
    struct caller caller = through_partner ? maker->partner : maker->shop;
    struct command reserve = {
        .kind = COMMAND_RESERVE,
        .caller = caller,
        .of.reserve = {.items = {item, 1},
                       .user_id = uuid_block(maker->now, 1),
                       .seconds = HOLD_SECONDS},
    };
    if (!demo_run(maker, &reserve)) {
        return;
    }
    struct uuid id = maker->outcome.lines[0].id;
    unsigned fate = below(maker, 100);
    if (fate < 14) {
        return;
    }
    pass(maker, 60 + below(maker, 600));
    if (fate < 20) {
        struct command release = {.kind = COMMAND_RELEASE,
                                  .caller = caller,
                                  .of.release = {{id, false}, TEXT("Cart emptied")}};
        (void)demo_run(maker, &release);
        return;
    }
    snprintf(order_id, sizeof order_id, "%s-%u", through_partner ? "TO" : "W", ++maker->orders);
    struct command complete = {
        .kind = COMMAND_COMPLETE,
        .caller = caller,
        .of.complete = {.target = {id, false},
                        .order_id = text_of(order_id),
                        .channel = through_partner ? CHANNEL_PARTNER : CHANNEL_ONLINE},
    };
    bool too_late = maker->end.us - maker->now.us < INT64_C(3000000) * REFUND_AFTER_SECONDS;
    if (demo_run(maker, &complete) && fate < 24 && !too_late) {
        refund(maker, id, fate < 22 ? 0 : 1);
    }
}

static void arrive(struct demo_maker *maker) {
    struct item item = {maker->types[choose_type(maker)].id, 1 + (int32_t)below(maker, 4)};
    if (below(maker, 100) < 18) {
        sell_at_the_door(maker, &item);
    } else {
        buy_online(maker, &item);
    }
}

/* Someone who has not decided yet when the history ends. */
static void hesitate(struct demo_maker *maker, size_t type, int32_t quantity) {
    struct item item = {maker->types[type].id, quantity};
    struct command reserve = {
        .kind = COMMAND_RESERVE,
        .caller = maker->shop,
        .of.reserve = {.items = {&item, 1},
                       .user_id = uuid_block(maker->now, 1),
                       .seconds = LAST_HOLD_SECONDS},
    };
    (void)demo_run(maker, &reserve);
}

static void decide_about_seats(struct demo_maker *maker, unsigned arrival) {
    if (arrival == ARRIVALS / 4) {
        adjust(maker, 1, ACTION_INCREASE, 24, "One more row, approved by fire safety");
    } else if (arrival == ARRIVALS / 2) {
        adjust(maker, 0, ACTION_DECREASE, 6, "The sound desk takes six seats");
    } else if (arrival == 3 * ARRIVALS / 4) {
        adjust(maker, 4, ACTION_INCREASE, 100, "Second stage opened");
    }
}

/* What is left of the time is shared by the arrivals that are left. */
enum error demo_sales_make(struct demo_maker *maker) {
    require(maker->types_count > 5);
    struct instant last = instant_plus_seconds(maker->end, -INT64_C(2) * HOLD_SECONDS);
    for (unsigned i = 0; i < ARRIVALS && instant_before(maker->now, last); i++) {
        int64_t left = (last.us - maker->now.us) / 1000000;
        unsigned mean = (unsigned)(left / (ARRIVALS - i));
        int64_t gap = 1 + below(maker, 2 * mean + 1);
        enum error error = pass_and_sweep(maker, (unsigned)(gap < left ? gap : left));
        if (error != ERROR_NONE) {
            return error;
        }
        decide_about_seats(maker, i);
        arrive(maker);
    }
    maker->now = maker->end;
    enum error error = pass_and_sweep(maker, 0);
    hesitate(maker, 1, 2);
    hesitate(maker, 4, 4);
    hesitate(maker, 5, 1);
    return error;
}
