/* The sales of the demonstration: what a shop, a till and a partner do in five weeks.
 *
 * Time goes in steps. All that happens at one instant is submitted together and so shares few
 * durable commits: five weeks are made in a second or two. */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/check.h"
#include "daemon/demo/maker.h"
#include "daemon/demo/visit.h"
#include "daemon/rehearse/buyer.h"
#include "store/reader.h"

enum {
    HOUR = 3600,
    DAY = 86400,
    STEP_SECONDS = 2400,
    STEP_SECONDS_LAST = 900, /* of the last day, which is looked at most closely */
    JITTER_SECONDS = 480,
    VISITS_MAX = 1024, /* at a time; hundreds wait for their refund */
};

/* Who pays does so a few minutes later; nothing of a step is left when the next one comes. */
enum { PAYS_AFTER_SECONDS = 150, PAYS_WITHIN_SECONDS = 270 };
static_assert(JITTER_SECONDS + PAYS_AFTER_SECONDS + PAYS_WITHIN_SECONDS <= STEP_SECONDS_LAST,
              "the steps come one after the other");

struct sales {
    struct demo_maker *maker;
    struct demo_visit *visits;      /* VISITS_MAX; IS_DONE: free */
    double weights[DEMO_TYPES_MAX]; /* of all steps to come */
    struct instant changed_until;   /* the stock, by the programme */
    pthread_mutex_t lock;
    pthread_cond_t decided;
    size_t undecided;
};

unsigned demo_random(struct demo_maker *maker, unsigned count) {
    return (unsigned)(random_next(&maker->seed) % count);
}

/* --- one instant ---------------------------------------------------------------------------- */

static void on_decided(struct submission *submission, const struct outcome *outcome) {
    struct sales *sales = submission->owner;
    struct demo_visit *visit =
        (struct demo_visit *)(void *)((char *)submission - offsetof(struct demo_visit, submission));
    visit->granted = outcome->verdict == VERDICT_GRANTED;
    if (visit->granted && visit->step == DEMO_RESERVES) {
        visit->target = (struct target){outcome->lines[0].id, false};
    } else if (visit->granted && visit->step == DEMO_SELLS) {
        visit->target = (struct target){outcome->cart->id, true};
    }
    pthread_mutex_lock(&sales->lock);
    if (--sales->undecided == 0) {
        pthread_cond_signal(&sales->decided);
    }
    pthread_mutex_unlock(&sales->lock);
}

static bool is_due(const struct sales *sales, const struct demo_visit *visit) {
    return visit->step != DEMO_IS_DONE && !instant_before(sales->maker->now, visit->due);
}

/* Everything that is due at the maker's time, decided. */
static void act(struct sales *sales) {
    struct demo_visit *due[VISITS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < VISITS_MAX; i++) {
        if (is_due(sales, &sales->visits[i])) {
            due[count++] = &sales->visits[i];
        }
    }
    sales->undecided = count;
    for (size_t i = 0; i < count; i++) {
        demo_visit_ask(due[i], sales->maker);
        due[i]->submission.on_done = on_decided;
        due[i]->submission.owner = sales;
        executor_submit(sales->maker->executor, &due[i]->submission);
    }
    pthread_mutex_lock(&sales->lock);
    while (sales->undecided > 0) {
        pthread_cond_wait(&sales->decided, &sales->lock);
    }
    pthread_mutex_unlock(&sales->lock);
    for (size_t i = 0; i < count; i++) {
        demo_visit_go_on(due[i], sales->maker);
    }
}

static struct demo_visit *find_place(struct sales *sales) {
    for (size_t i = 0; i < VISITS_MAX; i++) {
        if (sales->visits[i].step == DEMO_IS_DONE) {
            return &sales->visits[i];
        }
    }
    return NULL;
}

/* --- the rhythm ----------------------------------------------------------------------------- */

/* How many come: in the evening and at noon, on Fridays and Saturdays, and more from week to week.
 */
static double weight_at(const struct demo_maker *maker, struct instant at) {
    static const double of_hour[24] = {3,  1, 0, 0, 0, 0, 1,  2,  4,  6,  8, 9,
                                       10, 8, 7, 7, 8, 9, 11, 12, 12, 10, 8, 5};
    static const double of_day[7] = {0.8, 0.75, 0.85, 1.0, 1.35, 1.5, 1.1};
    int64_t seconds = (at.us - maker->today.us) / 1000000 + INT64_C(86400) * DEMO_DAYS * 2;
    int64_t day = seconds / DAY;
    /* 1970-01-01 was a Thursday: day 3 of a week that begins on Monday. */
    int64_t weekday = (at.us / INT64_C(1000000) + DEMO_ZONE_HOURS * HOUR) / DAY + 3;
    uint64_t mood = (uint64_t)day; /* no two days are alike */
    double noise = 0.8 + (double)(random_next(&mood) % 100) / 250;
    double growth = 0.7 + 0.8 * (double)(day - DEMO_DAYS) / DEMO_DAYS;
    return of_hour[seconds % DAY / HOUR] * of_day[weekday % 7] * noise * growth;
}

static int64_t step_at(const struct demo_maker *maker, struct instant at) {
    return maker->end.us - at.us < INT64_C(1000000) * DAY ? STEP_SECONDS_LAST : STEP_SECONDS;
}

static bool is_on_sale(const struct demo_maker *maker, const struct demo_type *plan,
                       struct instant at) {
    struct instant from = instant_plus_seconds(maker->today, INT64_C(86400) * plan->on_sale_from);
    struct instant until =
        plan->on_sale_until == 0
            ? maker->end
            : instant_plus_seconds(maker->today, INT64_C(86400) * plan->on_sale_until);
    return plan->wanted > 0 && !instant_before(at, from) && instant_before(at, until);
}

static void weigh(struct sales *sales) {
    struct demo_maker *maker = sales->maker;
    for (struct instant at = maker->now; instant_before(at, maker->end);
         at = instant_plus_seconds(at, step_at(maker, at))) {
        for (size_t i = 0; i < maker->stock_count; i++) {
            if (is_on_sale(maker, maker->stock[i].plan, at)) {
                sales->weights[i] += weight_at(maker, at) * (double)step_at(maker, at);
            }
        }
    }
}

/* What is still to be sold is shared out over what is left of the time, by weight; a few more come,
 * since not everyone who reserves pays. */
static void arrive(struct sales *sales, struct instant at) {
    struct demo_maker *maker = sales->maker;
    for (size_t i = 0; i < maker->stock_count; i++) {
        struct demo_stock *stock = &maker->stock[i];
        if (!is_on_sale(maker, stock->plan, at)) {
            continue;
        }
        double weight = weight_at(maker, at) * (double)step_at(maker, at);
        double luck = 0.5 + (double)demo_random(maker, 100) / 100;
        int32_t left = stock->plan->wanted - stock->sold;
        stock->owed += left <= 0 ? 0 : 1.2 * left * luck * weight / (sales->weights[i] + weight);
        sales->weights[i] -= weight;
        while (stock->owed >= 1 && left > 0) {
            struct demo_visit *visit = find_place(sales);
            if (visit == NULL) {
                return;
            }
            demo_visit_begin(visit, maker, i);
            stock->owed -= visit->item.quantity;
            left -= visit->item.quantity;
        }
    }
}

static void change_stock(struct sales *sales) {
    struct demo_maker *maker = sales->maker;
    for (size_t i = 0; i < DEMO_CHANGES; i++) {
        struct instant at = instant_plus_seconds(
            maker->today, INT64_C(86400) * demo_changes[i].day + INT64_C(38400)); /* 10:40 there */
        struct demo_visit *visit = find_place(sales);
        if (visit != NULL && !instant_before(at, sales->changed_until) &&
            instant_before(at, maker->now)) {
            demo_visit_change(visit, maker, &demo_changes[i]);
        }
    }
    sales->changed_until = maker->now;
}

/* --- five weeks ----------------------------------------------------------------------------- */

static bool run_step(struct sales *sales, struct instant at) {
    struct demo_maker *maker = sales->maker;
    maker->now = instant_plus_seconds(at, demo_random(maker, JITTER_SECONDS));
    bool all_well = demo_tills_see_to(maker);
    change_stock(sales);
    arrive(sales, at);
    act(sales);
    maker->now = instant_plus_seconds(maker->now,
                                      PAYS_AFTER_SECONDS + demo_random(maker, PAYS_WITHIN_SECONDS));
    act(sales);
    return all_well;
}

/* Those who are in the checkout now, some minutes apart. */
static void fill_checkouts(struct sales *sales) {
    static const int seconds_ago[] = {520, 410, 290, 170, 80, 20};
    enum { TIMES = sizeof seconds_ago / sizeof *seconds_ago };
    struct demo_maker *maker = sales->maker;
    int32_t left[DEMO_TYPES_MAX] = {0};
    for (size_t i = 0; i < maker->stock_count; i++) {
        left[i] = maker->stock[i].plan->in_checkout;
    }
    for (int t = 0; t < TIMES; t++) {
        maker->now = instant_plus_seconds(maker->end, -seconds_ago[t]);
        for (size_t i = 0; i < maker->stock_count; i++) {
            int32_t now = (left[i] + TIMES - t - 1) / (TIMES - t);
            for (left[i] -= now; now > 0;) {
                struct demo_visit *visit = find_place(sales);
                int32_t quantity = now > 2 ? 2 : now;
                if (visit == NULL) {
                    return;
                }
                demo_visit_stay(visit, maker, i, quantity);
                now -= quantity;
            }
        }
        act(sales);
    }
    maker->now = maker->end;
    act(sales);
}

static enum error make(struct sales *sales) {
    struct demo_maker *maker = sales->maker;
    struct instant last = instant_plus_seconds(maker->end, -STEP_SECONDS_LAST);
    weigh(sales);
    for (struct instant at = maker->now; instant_before(at, last);
         at = instant_plus_seconds(at, step_at(maker, at))) {
        if (!run_step(sales, at)) {
            return demo_stuck(maker, "open or close a till");
        }
    }
    fill_checkouts(sales);
    return ERROR_NONE;
}

enum error demo_sales_make(struct demo_maker *maker) {
    struct sales sales = {.maker = maker,
                          .visits = calloc(VISITS_MAX, sizeof *sales.visits),
                          .changed_until = maker->now};
    if (sales.visits == NULL) {
        return failure_set(maker->failure, ERROR_MEMORY, "Out of memory.");
    }
    for (size_t i = 0; i < VISITS_MAX; i++) {
        sales.visits[i].step = DEMO_IS_DONE;
    }
    pthread_mutex_init(&sales.lock, NULL);
    pthread_cond_init(&sales.decided, NULL);
    enum error error = store_open_reader(maker->store, &maker->reader, maker->failure);
    if (error == ERROR_NONE) {
        error = make(&sales);
        store_reader_close(maker->reader);
    }
    pthread_cond_destroy(&sales.decided);
    pthread_mutex_destroy(&sales.lock);
    free(sales.visits);
    return error;
}
