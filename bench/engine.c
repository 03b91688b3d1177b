#include "engine.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/check.h"
#include "hot_type.h"
#include "lib/engine.h"
#include "lib/plain.h"
#include "process.h"

enum { IN_FLIGHT_MAX = 1024 };

struct engine {
    struct ticketd *ticketd;
    struct ticketd_id *types; /* the first is the hot one */
};

struct engine *engine_open(const char *database, int types_count) {
    struct engine *engine = calloc(1, sizeof *engine);
    struct ticketd_problem problem;
    require(engine != NULL);
    if (ticketd_open(database, NULL, &engine->ticketd, &problem) != TICKETD_OK) {
        fprintf(stderr, "%s: %s\n", database, problem.detail);
        free(engine);
        return NULL;
    }
    engine->types = calloc((size_t)types_count, sizeof *engine->types);
    require(engine->types != NULL);
    hot_type_make(engine->ticketd, engine->types, types_count);
    return engine;
}

void engine_close(struct engine *engine) {
    if (engine != NULL) {
        ticketd_close(engine->ticketd);
        free(engine->types);
        free(engine);
    }
}

static double batch_between(const struct ticketd_statistics *before,
                            const struct ticketd_statistics *after) {
    uint64_t commits = after->commits - before->commits;
    return commits == 0 ? 0 : (double)(after->commands - before->commands) / (double)commits;
}

/* --- in flight ------------------------------------------------------------------------- */

struct flight;

struct order {
    struct submission submission;
    struct item item;
    char key[UUID_TEXT_SIZE];
    struct flight *flight;
    struct order *next;
    int64_t sent_us;
};

/* What the lane's thread hands back, and the sender takes whole. */
struct flight {
    struct engine *engine;
    const struct flight_plan *plan;
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct order *done;
    atomic_uint_fast64_t refused;
};

static void order_done(struct submission *submission, const struct outcome *outcome) {
    struct order *order = submission->owner;
    struct flight *flight = order->flight;
    if (outcome->verdict != VERDICT_GRANTED) {
        atomic_fetch_add(&flight->refused, 1);
    }
    pthread_mutex_lock(&flight->lock);
    bool was_empty = flight->done == NULL;
    order->next = flight->done;
    flight->done = order;
    pthread_mutex_unlock(&flight->lock);
    if (was_empty) {
        pthread_cond_signal(&flight->filled);
    }
}

static struct order *flight_take(struct flight *flight) {
    pthread_mutex_lock(&flight->lock);
    while (flight->done == NULL) {
        pthread_cond_wait(&flight->filled, &flight->lock);
    }
    struct order *done = flight->done;
    flight->done = NULL;
    pthread_mutex_unlock(&flight->lock);
    return done;
}

static void order_send(struct order *order) {
    struct engine *engine = order->flight->engine;
    struct uuid type = plain_uuid(engine->types[rand() % order->flight->plan->types]);
    struct command *command = &order->submission.command;
    *command = (struct command){
        .kind = COMMAND_RESERVE,
        .caller = {.role = ROLE_CHECKOUT, .actor = {ACTOR_KEY, plain_uuid(engine->types[0])}},
    };
    order->item = (struct item){type, 1};
    command->of.reserve =
        (struct reserve_command){.items = {&order->item, 1}, .seconds = RESERVATION_SECONDS_MAX};
    struct uuid id = uuid_block(instant_now(), 1);
    command->idempotency.principal = command->caller.actor.id;
    command->idempotency.key = text_of(uuid_format(id, order->key));
    memcpy(command->idempotency.fingerprint, id.bytes, sizeof id.bytes);
    order->submission.on_done = order_done;
    order->submission.owner = order;
    order->sent_us = monotonic_us();
    executor_submit(engine->ticketd->executor, &order->submission);
}

/* Of all threads but this one, which only plays the client. */
static double cpu_of_others_us(void) {
    struct timespec all, own;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &all);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &own);
    return (double)(all.tv_sec - own.tv_sec) * 1e6 + (double)(all.tv_nsec - own.tv_nsec) / 1e3;
}

static size_t land(struct flight *flight, struct samples *samples, bool again) {
    size_t landed = 0;
    struct order *order = flight_take(flight);
    int64_t now = monotonic_us();
    for (struct order *next; order != NULL; order = next) {
        next = order->next;
        landed++;
        if (again) {
            samples_add(samples, now - order->sent_us);
            order_send(order);
        }
    }
    return landed;
}

void engine_in_flight(struct engine *engine, const struct flight_plan *plan,
                      struct measure *measure) {
    struct flight flight = {.engine = engine, .plan = plan};
    struct samples samples;
    struct ticketd_statistics before, after;
    struct order *orders = calloc((size_t)plan->count, sizeof *orders);
    require(orders != NULL && plan->count <= IN_FLIGHT_MAX);
    pthread_mutex_init(&flight.lock, NULL);
    pthread_cond_init(&flight.filled, NULL);
    samples_open(&samples);
    ticketd_statistics(engine->ticketd, &before);
    double cpu = cpu_of_others_us();
    int64_t began = monotonic_us();
    int64_t until = began + (int64_t)(plan->seconds * 1e6);
    for (int i = 0; i < plan->count; i++) {
        orders[i].flight = &flight;
        order_send(&orders[i]);
    }
    while (monotonic_us() < until) {
        land(&flight, &samples, true);
    }
    double took = (double)(monotonic_us() - began) / 1e6;
    cpu = cpu_of_others_us() - cpu;
    ticketd_statistics(engine->ticketd, &after);
    for (size_t left = (size_t)plan->count; left > 0;) {
        left -= land(&flight, &samples, false);
    }
    require(flight.refused == 0);
    measure_samples(measure, &samples, took);
    measure->cpu_us = cpu / (double)samples.count;
    measure->batch = batch_between(&before, &after);
    samples_close(&samples);
    free(orders);
    pthread_cond_destroy(&flight.filled);
    pthread_mutex_destroy(&flight.lock);
}

/* --- threads ------------------------------------------------------------------------------- */

struct buyer {
    pthread_t thread;
    struct engine *engine;
    struct samples samples;
    int64_t until_us;
};

static void *buy(void *context) {
    struct buyer *buyer = context;
    struct ticketd_reserve_request request = {.ticket_type_id = buyer->engine->types[0],
                                              .quantity = 1,
                                              .seconds = RESERVATION_SECONDS_MAX};
    for (int64_t began = monotonic_us(), now; began < buyer->until_us; began = now) {
        char key[TICKETD_ID_SIZE];
        struct ticketd_call call = {.idempotency_key = ticketd_id_format(ticketd_id_make(), key)};
        require(ticketd_reserve(buyer->engine->ticketd, &request, &call, NULL) == TICKETD_OK);
        now = monotonic_us();
        samples_add(&buyer->samples, now - began);
    }
    return NULL;
}

void engine_threads(struct engine *engine, int count, double seconds, struct measure *measure) {
    struct buyer *buyers = calloc((size_t)count, sizeof *buyers);
    struct samples all;
    struct ticketd_statistics before, after;
    require(buyers != NULL);
    samples_open(&all);
    ticketd_statistics(engine->ticketd, &before);
    double cpu = own_cpu_us();
    int64_t began = monotonic_us();
    for (int i = 0; i < count; i++) {
        buyers[i] = (struct buyer){.engine = engine, .until_us = began + (int64_t)(seconds * 1e6)};
        samples_open(&buyers[i].samples);
        require(pthread_create(&buyers[i].thread, NULL, buy, &buyers[i]) == 0);
    }
    for (int i = 0; i < count; i++) {
        pthread_join(buyers[i].thread, NULL);
        for (size_t j = 0; j < buyers[i].samples.kept; j++) {
            samples_add(&all, buyers[i].samples.us[j]);
        }
        samples_close(&buyers[i].samples);
    }
    double took = (double)(monotonic_us() - began) / 1e6;
    ticketd_statistics(engine->ticketd, &after);
    measure_samples(measure, &all, took);
    measure->cpu_us = (own_cpu_us() - cpu) / (double)all.count;
    measure->batch = batch_between(&before, &after);
    samples_close(&all);
    free(buyers);
}
