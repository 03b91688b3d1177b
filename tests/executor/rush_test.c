/* The opening minute: many buyers, few tickets, and fifteen minutes later everything at once. */
#include <stdio.h>
#include <stdlib.h>

#include "domain/limits.h"
#include "office.h"
#include "support/unit.h"

enum { ROUNDS = 50, BUYERS = 400, TICKETS = 100 };

/* One who reserves, loses the answer now and then and asks again, and pays at once. */
struct buyer {
    struct office *office;
    struct command reserve, complete;
    char order_id[24];
    uint32_t number;
    bool has_bought;
    const char *complaint;
};

static bool ask(struct buyer *buyer, const struct command *command, struct outcome *outcome,
                struct arena *arena) {
    if (executor_call(buyer->office->executor, command, arena, outcome) != ERROR_NONE) {
        buyer->complaint = "a call failed";
    }
    return buyer->complaint == NULL && outcome->verdict == VERDICT_GRANTED;
}

/* Asks a second time with the same key: it must be the same answer. */
static void ask_again(struct buyer *buyer, const struct command *command,
                      const struct outcome *before, struct arena *arena) {
    struct outcome again;
    if (!ask(buyer, command, &again, arena) || !again.replayed ||
        !uuid_equals(again.lines[0].id, before->lines[0].id) ||
        again.lines[0].status != before->lines[0].status) {
        buyer->complaint = "a retry got another answer";
    }
}

static void *buy(void *context) {
    struct buyer *buyer = context;
    struct arena arena;
    struct outcome reserved;
    struct outcome sold;
    arena_init(&arena, 1 << 20);
    if (ask(buyer, &buyer->reserve, &reserved, &arena)) {
        if (buyer->number % 3 == 0) {
            ask_again(buyer, &buyer->reserve, &reserved, &arena);
        }
        buyer->complete.of.complete.target.id = reserved.lines[0].id;
        buyer->has_bought = ask(buyer, &buyer->complete, &sold, &arena);
        if (!buyer->has_bought) {
            buyer->complaint = "a reservation could not be completed";
        } else if (buyer->number % 3 == 1) {
            ask_again(buyer, &buyer->complete, &sold, &arena);
        }
    } else if (buyer->complaint == NULL && reserved.verdict != VERDICT_INSUFFICIENT_INVENTORY) {
        buyer->complaint = "refused for another reason than that there are no more";
    }
    arena_finish(&arena);
    return NULL;
}

static size_t run_round(struct office *office, struct buyer *buyers, pthread_t *threads,
                        uint64_t *keys) {
    struct uuid type = office_add_type(office, office->event, TICKETS);
    for (uint32_t i = 0; i < BUYERS; i++) {
        struct buyer *buyer = &buyers[i];
        *buyer = (struct buyer){.office = office, .number = i};
        snprintf(buyer->order_id, sizeof buyer->order_id, "order-%u", i);
        buyer->reserve = office_reserve(type, 1, 900, ++*keys);
        buyer->complete = office_complete(UUID_NONE, buyer->order_id, ++*keys);
        assert_int_equal(pthread_create(&threads[i], NULL, buy, buyer), 0);
    }
    size_t sold = 0;
    for (uint32_t i = 0; i < BUYERS; i++) {
        pthread_join(threads[i], NULL);
        sold += buyers[i].has_bought;
    }
    for (uint32_t i = 0; i < BUYERS; i++) {
        if (buyers[i].complaint != NULL) {
            fail_msg("%s", buyers[i].complaint);
        }
    }
    struct counts counts = office_counts(office, type);
    assert_int_equal(counts.sold, sold);
    assert_int_equal(counts.reserved, 0);
    return sold;
}

static void four_hundred_buyers_get_a_hundred_tickets_and_never_one_more(void **state) {
    (void)state;
    struct office office;
    struct buyer *buyers = test_calloc(BUYERS, sizeof *buyers);
    pthread_t *threads = test_calloc(BUYERS, sizeof *threads);
    uint64_t keys = 0;
    office_open(&office, &(struct office_options){.tickets = 1});
    for (int round = 0; round < ROUNDS; round++) {
        assert_int_equal(run_round(&office, buyers, threads, &keys), TICKETS);
    }
    office_close(&office);
    test_free(threads);
    test_free(buyers);
}

/* --- mass expiry --- */

enum { EXPIRING = 50000, WAITING = 2000, SENT_AT_ONCE = 5000 };

static void reserve_everything(struct office *office) {
    for (int sent = 0; sent < EXPIRING; sent += SENT_AT_ONCE) {
        struct crowd crowd;
        crowd_open(&crowd, office, SENT_AT_ONCE);
        for (int i = 0; i < SENT_AT_ONCE; i++) {
            struct command command = office_reserve(office->type, 1, 900, 0);
            crowd_send(&crowd, &command);
        }
        crowd_await(&crowd);
        assert_int_equal(crowd_count(&crowd, VERDICT_GRANTED), SENT_AT_ONCE);
        crowd_close(&crowd);
    }
}

static int compare_times(const void *a, const void *b) {
    int64_t left = ((const struct answered *)a)->took_us;
    int64_t right = ((const struct answered *)b)->took_us;
    return (left > right) - (left < right);
}

/* Each is served, or asked to come again because it took longer than anyone should wait; nobody
 * hears "sold out". How many were asked to come again. */
static size_t send_buyers(struct crowd *crowd, struct office *office, size_t count) {
    crowd_open(crowd, office, count);
    for (size_t i = 0; i < count; i++) {
        struct command command = office_reserve(office->type, EXPIRING / WAITING, 900, 0);
        crowd_send(crowd, &command);
    }
    crowd_await(crowd);
    size_t busy = crowd_count(crowd, VERDICT_BUSY);
    assert_int_equal(crowd_count(crowd, VERDICT_GRANTED), count - busy);
    return busy;
}

static void everything_expires_at_once(bool on_disk) {
    struct office office;
    struct crowd crowd;
    office_open(&office, &(struct office_options){.tickets = EXPIRING, .on_disk = on_disk});
    reserve_everything(&office);
    struct command one_more = office_reserve(office.type, 1, 900, 0);
    assert_int_equal(office_do(&office, &one_more, NULL), VERDICT_INSUFFICIENT_INVENTORY);
    office_pass_seconds(&office, 900);
    office.entries_most = 0;

    size_t busy = send_buyers(&crowd, &office, WAITING);
    for (size_t left = busy;
         left > 0;) { /* on a slow machine: those who waited too long come again */
        struct crowd again;
        left = send_buyers(&again, &office, left);
        crowd_close(&again);
    }
    assert_in_range(office.entries_most, 1, EXPIRED_PER_BATCH_MAX + 1024);
    struct counts counts = office_counts(&office, office.type);
    assert_int_equal(counts.reserved, EXPIRING);
    assert_int_equal(office.expiries, EXPIRING);

    qsort(crowd.answers, WAITING, sizeof *crowd.answers, compare_times);
    const struct answered *median = &crowd.answers[WAITING / 2];
    const struct answered *slow = &crowd.answers[WAITING - WAITING / 100];
    printf("%s: %d reservations expired at once, %d buyers waited: p50 %.0f ms, p99 %.0f ms, "
           "%zu heard busy\n",
           on_disk ? "sqlite" : "memory", EXPIRING, WAITING, (double)median->took_us / 1000,
           (double)slow->took_us / 1000, busy);
    crowd_close(&crowd);
    office_close(&office);
}

static void in_memory_a_mass_expiry_sells_out_nobody(void **state) {
    (void)state;
    everything_expires_at_once(false);
}

static void on_disk_a_mass_expiry_sells_out_nobody(void **state) {
    (void)state;
    everything_expires_at_once(true);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_hundred_buyers_get_a_hundred_tickets_and_never_one_more),
        cmocka_unit_test(in_memory_a_mass_expiry_sells_out_nobody),
        cmocka_unit_test(on_disk_a_mass_expiry_sells_out_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
