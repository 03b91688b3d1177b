/* One batch at a time out, whoever sends and whatever fails. */
#include "domain/limits.h"
#include "executor/lane.h"
#include "office.h"
#include "support/unit.h"

static const struct office_options plenty = {.tickets = 100000};

/* --- the inbox --- */

static void a_full_inbox_says_busy_at_once_and_keeps_slots_for_the_executors_own(void **state) {
    (void)state;
    struct office office;
    struct crowd crowd;
    office_open(&office, &(struct office_options){.tickets = 100, .inbox_max = 4});
    crowd_open(&crowd, &office, 5);
    office_hold_lane(&office);
    for (int i = 0; i < 5; i++) {
        struct command command = office_reserve(office.type, 1, 900, 0);
        crowd_send(&crowd, &command);
    }
    assert_int_equal(crowd_count(&crowd, VERDICT_BUSY), 1); /* the lane has not moved */
    assert_true(crowd.answers[4].is_answered);
    assert_int_equal(office_statistics(&office).inbox_depth, 4);

    struct crowd own;
    crowd_open(&own, &office, 1);
    own.submissions[0] =
        (struct submission){.command = {.kind = COMMAND_SWEEP, .of.sweep = office.type},
                            .on_done = crowd.submissions[0].on_done,
                            .owner = &own};
    own.sent = 1;
    executor_submit_internal(office.executor, &own.submissions[0]);
    assert_int_equal(crowd_count(&own, VERDICT_BUSY), 0);

    office_let_lane_go(&office);
    crowd_await(&crowd);
    crowd_await(&own);
    assert_int_equal(crowd_count(&crowd, VERDICT_GRANTED), 4);
    assert_int_equal(crowd_count(&own, VERDICT_GRANTED), 1);
    crowd_close(&own);
    crowd_close(&crowd);
    office_close(&office);
}

static void *close_executor(void *context) {
    executor_close(context);
    return NULL;
}

static void closing_decides_what_was_accepted_and_refuses_the_rest(void **state) {
    (void)state;
    struct office office;
    struct crowd accepted;
    office_open(&office, &plenty);
    crowd_open(&accepted, &office, 50000);
    office_hold_lane(&office);
    for (int i = 0; i < 20; i++) {
        struct command command = office_reserve(office.type, 1, 900, 0);
        crowd_send(&accepted, &command);
    }
    pthread_t closer;
    assert_int_equal(pthread_create(&closer, NULL, close_executor, office.executor), 0);
    /* Until the other thread has come so far. */
    size_t refused = 0;
    while (refused == 0 && accepted.sent < 8000) {
        struct command command = office_reserve(office.type, 1, 900, 0);
        crowd_send(&accepted, &command);
        refused = crowd_count(&accepted, VERDICT_SHUTTING_DOWN);
    }
    assert_int_equal(refused, 1);
    office_let_lane_go(&office);
    pthread_join(closer, NULL);
    assert_int_equal(accepted.answered, accepted.sent);
    assert_int_equal(crowd_count(&accepted, VERDICT_GRANTED), accepted.sent - 1);
    office.executor = NULL;
    assert_int_equal(office_counts(&office, office.type).reserved, accepted.sent - 1);
    crowd_close(&accepted);
    office_close(&office);
}

struct buyer {
    struct office *office;
    int granted, refused, odd;
};

enum { BUYERS = 16, PURCHASES = 200 };

static void *buy_singly(void *context) {
    struct buyer *buyer = context;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (int i = 0; i < PURCHASES; i++) {
        struct command command = office_reserve(buyer->office->type, 1, 900, 0);
        struct outcome outcome;
        arena_reset(&arena);
        if (executor_call(buyer->office->executor, &command, &arena, &outcome) != ERROR_NONE) {
            buyer->odd++;
        } else if (outcome.verdict == VERDICT_GRANTED) {
            buyer->granted++;
            buyer->odd += outcome.lines_count != 1;
        } else {
            buyer->refused += outcome.verdict == VERDICT_INSUFFICIENT_INVENTORY;
        }
    }
    arena_finish(&arena);
    return NULL;
}

static void many_threads_share_commits_and_each_gets_one_answer(void **state) {
    (void)state;
    struct office office;
    office_open(&office, &(struct office_options){.tickets = 1000});
    pthread_t threads[BUYERS];
    struct buyer buyers[BUYERS];
    for (int i = 0; i < BUYERS; i++) {
        buyers[i] = (struct buyer){.office = &office};
        assert_int_equal(pthread_create(&threads[i], NULL, buy_singly, &buyers[i]), 0);
    }
    int granted = 0;
    int refused = 0;
    for (int i = 0; i < BUYERS; i++) {
        pthread_join(threads[i], NULL);
        granted += buyers[i].granted;
        refused += buyers[i].refused;
        assert_int_equal(buyers[i].odd, 0);
    }
    assert_int_equal(granted, 1000);
    assert_int_equal(refused, BUYERS * PURCHASES - 1000);
    assert_int_equal(office_counts(&office, office.type).reserved, 1000);
    struct executor_statistics statistics = office_statistics(&office);
    assert_int_equal(statistics.commands, BUYERS * PURCHASES + 2); /* and its event, its type */
    assert_int_equal(statistics.refusals, refused);
    assert_int_equal(statistics.inbox_depth, 0);
    office_close(&office);
}

/* --- batches --- */

static void a_batch_is_bounded_and_keeps_the_order_of_arrival(void **state) {
    (void)state;
    enum { COMMANDS = 4000, TICKETS = 3500 };
    struct office office;
    struct crowd crowd;
    office_open(&office, &(struct office_options){.tickets = TICKETS});
    crowd_open(&crowd, &office, COMMANDS);
    office_hold_lane(&office);
    for (int i = 0; i < COMMANDS; i++) {
        struct command command = office_reserve(office.type, 1, 900, 0);
        crowd_send(&crowd, &command);
    }
    uint64_t before = office_statistics(&office).commits;
    office_let_lane_go(&office);
    crowd_await(&crowd);
    for (int i = 0; i < COMMANDS; i++) {
        assert_int_equal(crowd.answers[i].verdict,
                         i < TICKETS ? VERDICT_GRANTED : VERDICT_INSUFFICIENT_INVENTORY);
    }
    struct executor_statistics statistics = office_statistics(&office);
    struct command one = office_reserve(office.type, 1, 900, 0);
    assert_int_equal(office.entries_most, BATCH_ROWS_MAX / command_rows_max(&one));
    assert_in_range(statistics.commits - before, 4, 20);
    assert_int_equal(statistics.batch_size_buckets[11], 0);
    crowd_close(&crowd);
    office_close(&office);
}

static void two_requests_with_one_key_in_one_batch_have_one_effect(void **state) {
    (void)state;
    struct office office;
    struct crowd crowd;
    office_open(&office, &plenty);
    crowd_open(&crowd, &office, 2);
    struct command command = office_reserve(office.type, 3, 900, 7);
    office_hold_lane(&office);
    crowd_send(&crowd, &command);
    crowd_send(&crowd, &command);
    office_let_lane_go(&office);
    crowd_await(&crowd);
    assert_int_equal(crowd_count(&crowd, VERDICT_GRANTED), 2);
    assert_uuid(crowd.answers[0].id, crowd.answers[1].id);
    assert_false(crowd.answers[0].replayed);
    assert_true(crowd.answers[1].replayed);
    assert_int_equal(office_counts(&office, office.type).reserved, 3);
    crowd_close(&crowd);
    office_close(&office);
}

static void a_refused_twin_leaves_its_key_to_the_second_one(void **state) {
    (void)state;
    struct office office;
    struct crowd crowd;
    struct uuid holds_all;
    office_open(&office, &(struct office_options){.tickets = 5});
    struct command all = office_reserve(office.type, 5, 900, 0);
    assert_int_equal(office_do(&office, &all, &holds_all), VERDICT_GRANTED);
    crowd_open(&crowd, &office, 3);
    struct command keyed = office_reserve(office.type, 2, 900, 8);
    struct command release = office_release(holds_all);
    office_hold_lane(&office);
    crowd_send(&crowd, &keyed);
    crowd_send(&crowd, &release);
    crowd_send(&crowd, &keyed);
    office_let_lane_go(&office);
    crowd_await(&crowd);
    assert_int_equal(crowd.answers[0].verdict, VERDICT_INSUFFICIENT_INVENTORY);
    assert_int_equal(crowd.answers[2].verdict, VERDICT_GRANTED);
    assert_false(crowd.answers[2].replayed);
    crowd_close(&crowd);
    office_close(&office);
}

/* --- poison, memory --- */

static void poison_ends_alone_and_its_neighbours_are_granted(void **state) {
    (void)state;
    enum { COMMANDS = 300, POISONED = 137 };
    struct office office;
    struct crowd crowd;
    struct uuid poison = {.bytes = {0xEE}};
    office_open(&office, &plenty);
    office_set_faults(&office, (struct memory_faults){.poison_user = poison});
    crowd_open(&crowd, &office, COMMANDS);
    office_hold_lane(&office);
    for (int i = 0; i < COMMANDS; i++) {
        struct command command = office_reserve(office.type, 1, 900, 0);
        command.of.reserve.user_id = i == POISONED ? poison : UUID_NONE;
        crowd_send(&crowd, &command);
    }
    office_let_lane_go(&office);
    crowd_await(&crowd);
    assert_int_equal(crowd.answers[POISONED].verdict, VERDICT_INTERNAL_ERROR);
    assert_int_equal(crowd_count(&crowd, VERDICT_GRANTED), COMMANDS - 1);
    assert_int_equal(office_counts(&office, office.type).reserved, COMMANDS - 1);
    assert_in_range(office_statistics(&office).splits, 1, 40);
    crowd_close(&crowd);
    office_close(&office);
}

static void a_batch_that_passes_its_memory_is_split_and_only_a_lone_one_is_too_large(void **state) {
    (void)state;
    enum { COMMANDS = 200 };
    struct office office;
    struct crowd crowd;
    office_open(&office, &(struct office_options){.tickets = 1000, .batch_arena_bytes = 24 << 10});
    crowd_open(&crowd, &office, COMMANDS);
    office_hold_lane(&office);
    for (int i = 0; i < COMMANDS; i++) {
        struct command command = office_reserve(office.type, 1, 900, 0);
        crowd_send(&crowd, &command);
    }
    office_let_lane_go(&office);
    crowd_await(&crowd);
    assert_int_equal(crowd_count(&crowd, VERDICT_GRANTED), COMMANDS);
    assert_true(office_statistics(&office).splits > 0);

    struct item items[CART_LINES_MAX];
    for (size_t i = 0; i < CART_LINES_MAX; i++) {
        items[i] = (struct item){office_add_type(&office, office.event, 5), 1};
    }
    struct command cart = {.kind = COMMAND_CART_CREATE,
                           .caller = {.role = ROLE_ADMIN, .actor = ACTOR_NONE},
                           .of.reserve = {.items = {items, CART_LINES_MAX}, .seconds = 60}};
    assert_int_equal(office_do(&office, &cart, NULL), VERDICT_TOO_LARGE);
    crowd_close(&crowd);
    office_close(&office);
}

/* --- calls --- */

static void a_refusal_costs_no_commit_and_carries_its_facts_home(void **state) {
    (void)state;
    struct office office;
    struct outcome outcome;
    office_open(&office, &(struct office_options){.tickets = 10});
    struct command command = office_reserve(office.type, 11, 60, 0);
    uint64_t commits = office_statistics(&office).commits;
    assert_int_equal(executor_call(office.executor, &command, &office.arena, &outcome), ERROR_NONE);
    assert_int_equal(outcome.verdict, VERDICT_INSUFFICIENT_INVENTORY);
    assert_int_equal(outcome.facts.requested, 11);
    assert_int_equal(outcome.facts.available, 10);
    assert_text(outcome.facts.name, "Stalls");
    assert_int_equal(office_statistics(&office).commits, commits);
    office_close(&office);
}

static void a_call_whose_rows_do_not_fit_still_tells_the_verdict(void **state) {
    (void)state;
    struct office office;
    struct outcome outcome;
    struct arena tiny;
    office_open(&office, &(struct office_options){.tickets = 10});
    arena_init(&tiny, 64);
    struct command command = office_reserve(office.type, 1, 60, 0);
    assert_int_equal(executor_call(office.executor, &command, &tiny, &outcome), ERROR_MEMORY);
    assert_int_equal(outcome.verdict, VERDICT_GRANTED);
    assert_int_equal(office_counts(&office, office.type).reserved, 1);
    arena_finish(&tiny);
    office_close(&office);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_inbox_says_busy_at_once_and_keeps_slots_for_the_executors_own),
        cmocka_unit_test(closing_decides_what_was_accepted_and_refuses_the_rest),
        cmocka_unit_test(many_threads_share_commits_and_each_gets_one_answer),
        cmocka_unit_test(a_batch_is_bounded_and_keeps_the_order_of_arrival),
        cmocka_unit_test(two_requests_with_one_key_in_one_batch_have_one_effect),
        cmocka_unit_test(a_refused_twin_leaves_its_key_to_the_second_one),
        cmocka_unit_test(poison_ends_alone_and_its_neighbours_are_granted),
        cmocka_unit_test(a_batch_that_passes_its_memory_is_split_and_only_a_lone_one_is_too_large),
        cmocka_unit_test(a_refusal_costs_no_commit_and_carries_its_facts_home),
        cmocka_unit_test(a_call_whose_rows_do_not_fit_still_tells_the_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
