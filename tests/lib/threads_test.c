#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "shop.h"

enum { THREADS = 64, ROUNDS = 40 };

struct crowd {
    struct shop *shop;
    atomic_int sold, sold_out, others, answers_that_differ;
    pthread_barrier_t start;
};

/* Reserves and completes with a key, and asks each time twice, as a client with a bad line does. */
static void buy(struct crowd *crowd, int32_t quantity) {
    struct ticketd *ticketd = crowd->shop->ticketd;
    char key[TICKETD_ID_SIZE], order[TICKETD_ID_SIZE];
    struct ticketd_call call = {.idempotency_key = ticketd_id_format(ticketd_id_make(), key)};
    struct ticketd_reserve_request request = {.ticket_type_id = crowd->shop->type.id,
                                              .quantity = quantity};
    struct ticketd_reservation first, second;
    enum ticketd_code code = ticketd_reserve(ticketd, &request, &call, &first);
    if (code != TICKETD_OK) {
        atomic_fetch_add(code == TICKETD_INSUFFICIENT_INVENTORY ? &crowd->sold_out : &crowd->others,
                         1);
        return;
    }
    if (ticketd_reserve(ticketd, &request, &call, &second) != TICKETD_OK ||
        !ticketd_id_equals(first.id, second.id)) {
        atomic_fetch_add(&crowd->answers_that_differ, 1);
    }
    struct ticketd_complete_request complete = {
        .id = first.id, .order_id = ticketd_id_format(ticketd_id_make(), order)};
    code = ticketd_complete_sale(ticketd, &complete, NULL, &second);
    atomic_fetch_add(code == TICKETD_OK ? &crowd->sold : &crowd->others,
                     code == TICKETD_OK ? quantity : 1);
}

static void *buy_in_rounds(void *context) {
    struct crowd *crowd = context;
    pthread_barrier_wait(&crowd->start);
    for (int i = 0; i < ROUNDS; i++) {
        buy(crowd, 1 + i % 2);
    }
    return NULL;
}

static void run_crowd(struct crowd *crowd, void *(*work)(void *)) {
    pthread_t threads[THREADS];
    pthread_barrier_init(&crowd->start, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, work, crowd), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    pthread_barrier_destroy(&crowd->start);
}

static void raise_total(struct shop *shop, int32_t more) {
    struct ticketd_adjust_request request = {
        .ticket_type_id = shop->type.id, .quantity = more, .reason = "a large hall"};
    assert_code(ticketd_increase(shop->ticketd, &request, NULL, NULL), TICKETD_OK);
}

static void a_crowd_of_threads_buys_what_there_is_and_no_more(void **state) {
    struct crowd crowd = {.shop = *state};
    enum { TICKETS = THREADS * ROUNDS }; /* the crowd wants half as many again */
    raise_total(crowd.shop, TICKETS - 10);
    run_crowd(&crowd, buy_in_rounds);
    assert_int_equal(crowd.others, 0);
    assert_int_equal(crowd.answers_that_differ, 0);
    assert_int_equal(crowd.sold, TICKETS);
    assert_true(crowd.sold_out > 0);
    struct ticketd_counts counts;
    assert_code(ticketd_counts(crowd.shop->ticketd, crowd.shop->type.id, &counts), TICKETD_OK);
    assert_int_equal(counts.sold, TICKETS);
    assert_int_equal(counts.available, 0);
    struct ticketd_verification verification;
    assert_code(ticketd_verify(crowd.shop->ticketd, NULL, NULL, &verification), TICKETD_OK);
    assert_int_equal(verification.faults, 0);
}

static void *reserve_in_rounds(void *context) {
    struct crowd *crowd = context;
    struct ticketd_reserve_request request = {.ticket_type_id = crowd->shop->type.id,
                                              .quantity = 1};
    pthread_barrier_wait(&crowd->start);
    for (int i = 0; i < ROUNDS; i++) {
        enum ticketd_code code = ticketd_reserve(crowd->shop->ticketd, &request, NULL, NULL);
        atomic_fetch_add(code == TICKETD_OK ? &crowd->sold : &crowd->others, 1);
    }
    return NULL;
}

static void threads_that_wait_together_share_a_commit(void **state) {
    struct crowd crowd = {.shop = *state};
    raise_total(crowd.shop, THREADS * ROUNDS);
    struct ticketd_statistics before, after;
    ticketd_statistics(crowd.shop->ticketd, &before);
    run_crowd(&crowd, reserve_in_rounds);
    ticketd_statistics(crowd.shop->ticketd, &after);
    assert_int_equal(crowd.sold, THREADS * ROUNDS);
    uint64_t commits = after.commits - before.commits;
    uint64_t commands = after.commands - before.commands;
    assert_true(commands >= (uint64_t)THREADS * ROUNDS);
    assert_true(commits * 2 < commands);
}

static void *read_in_rounds(void *context) {
    struct crowd *crowd = context;
    pthread_barrier_wait(&crowd->start);
    for (int i = 0; i < ROUNDS; i++) {
        int64_t available = -1;
        enum ticketd_code code =
            ticketd_available_count(crowd->shop->ticketd, crowd->shop->type.id, &available);
        if (code != TICKETD_OK || available < 0) {
            atomic_fetch_add(&crowd->others, 1);
        }
        if (i % 8 == 0) {
            buy(crowd, 1);
        }
    }
    return NULL;
}

static void reading_beside_buying_never_sees_less_than_nothing(void **state) {
    struct crowd crowd = {.shop = *state};
    run_crowd(&crowd, read_in_rounds);
    assert_int_equal(crowd.others, 0);
    assert_int_equal(crowd.sold, 10);
}

static void *reserve_until_busy(void *context) {
    struct crowd *crowd = context;
    struct ticketd_reserve_request request = {.ticket_type_id = crowd->shop->type.id,
                                              .quantity = 1};
    pthread_barrier_wait(&crowd->start);
    for (int i = 0; i < 100 * ROUNDS && crowd->sold_out == 0; i++) {
        if (ticketd_reserve(crowd->shop->ticketd, &request, NULL, NULL) == TICKETD_BUSY) {
            atomic_fetch_add(&crowd->sold_out, 1);
        }
    }
    return NULL;
}

static void who_finds_the_waiting_room_full_is_told_so_at_once(void **state) {
    struct shop *shop = *state;
    struct crowd crowd = {.shop = shop};
    struct ticketd_options options = {.waiting_max = 1};
    ticketd_close(shop->ticketd);
    assert_code(ticketd_open(shop->database, &options, &shop->ticketd, NULL), TICKETD_OK);
    run_crowd(&crowd, reserve_until_busy);
    assert_true(crowd.sold_out > 0);
}

static const struct CMUnitTest tests[] = {
    shop_test(a_crowd_of_threads_buys_what_there_is_and_no_more),
    shop_test(threads_that_wait_together_share_a_commit),
    shop_test(reading_beside_buying_never_sees_less_than_nothing),
    shop_test(who_finds_the_waiting_room_full_is_told_so_at_once),
};

SHOP_MAIN(tests)
