/* What is done though nobody asks: expiries on idle types, old keys. */
#include "domain/limits.h"
#include "office.h"
#include "support/unit.h"

static void the_janitor_sweeps_a_type_on_which_nothing_else_happens(void **state) {
    (void)state;
    static const struct office_options options = {.tickets = 10, .with_janitor = true};
    struct office office;
    office_open(&office, &options);
    struct command command = office_reserve(office.type, 4, 60, 0);
    assert_int_equal(office_do(&office, &command, NULL), VERDICT_GRANTED);
    office_pass_seconds(&office, 60);
    office_await_expiries(&office, 1);
    assert_int_equal(office_counts(&office, office.type).reserved, 0);
    assert_int_equal(office_statistics(&office).expiries, 1);
    office_close(&office);
}

static void the_janitor_forgets_keys_after_thirty_days(void **state) {
    (void)state;
    static const struct office_options without = {.tickets = 10};
    static const struct office_options with = {.tickets = 10, .with_janitor = true};
    struct office office;
    struct uuid first;
    struct uuid again;
    office_open(&office, &without);
    struct command command = office_reserve(office.type, 1, 60, 11);
    assert_int_equal(office_do(&office, &command, &first), VERDICT_GRANTED);
    office_pass_seconds(&office, 29 * INT64_C(86400));
    office_reopen(&office, &with);
    office_await_prunes(&office, 1);
    assert_int_equal(office_do(&office, &command, &again), VERDICT_GRANTED);
    assert_uuid(first, again);
    office_pass_seconds(&office, 2 * INT64_C(86400));
    office_reopen(&office, &with);
    office_await_prunes(&office, 2);
    assert_int_equal(office_do(&office, &command, &again), VERDICT_GRANTED);
    assert_memory_not_equal(first.bytes, again.bytes, sizeof first.bytes);
    office_close(&office);
}

/* A server whose clock is wrong stands beside others, which go by the store's. */
static void no_key_is_forgotten_by_a_clock_that_is_ahead_of_the_stores(void **state) {
    (void)state;
    static const struct office_options without = {.tickets = 10};
    static const struct office_options ahead = {
        .tickets = 10, .with_janitor = true, .ahead_seconds = 60 * INT64_C(86400)};
    struct office office;
    struct uuid first;
    struct uuid again;
    office_open(&office, &without);
    struct command command = office_reserve(office.type, 1, 60, 11);
    assert_int_equal(office_do(&office, &command, &first), VERDICT_GRANTED);
    office_reopen(&office, &ahead);
    office_await_prunes(&office, 1);
    assert_int_equal(office_do(&office, &command, &again), VERDICT_GRANTED);
    assert_uuid(first, again);
    office_close(&office);
}

static void releasing_what_expired_keeps_to_the_callers_events(void **state) {
    (void)state;
    struct office office;
    office_open(&office, &(struct office_options){.tickets = 10});
    struct uuid other = office_add_type(&office, office_add_event(&office), 10);
    struct command mine = office_reserve(office.type, 1, 60, 0);
    struct command theirs = office_reserve(other, 1, 60, 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(office_do(&office, &mine, NULL), VERDICT_GRANTED);
        assert_int_equal(office_do(&office, &theirs, NULL), VERDICT_GRANTED);
    }
    office_pass_seconds(&office, 60);
    struct caller scoped = {.role = ROLE_CHECKOUT, .events = &office.event, .events_count = 1};
    struct caller anyone = {.role = ROLE_CHECKOUT};
    int64_t released = -1;
    assert_int_equal(executor_release_expired(office.executor, &scoped, &released, NULL),
                     ERROR_NONE);
    assert_int_equal(released, 3);
    assert_int_equal(executor_release_expired(office.executor, &anyone, &released, NULL),
                     ERROR_NONE);
    assert_int_equal(released, 3);
    assert_int_equal(executor_release_expired(office.executor, &anyone, &released, NULL),
                     ERROR_NONE);
    assert_int_equal(released, 0);
    office_close(&office);
}

/* Each look at the clock lets another one expire: what expires after it was asked is for the next
 * time. */
static void releasing_what_expired_ends_though_more_expires_all_the_while(void **state) {
    (void)state;
    enum { COUNT = 500 };
    struct office office;
    office_open(&office, &(struct office_options){.tickets = COUNT});
    for (int i = 0; i < COUNT; i++) {
        struct command command = office_reserve(office.type, 1, 60 + i, 0);
        assert_int_equal(office_do(&office, &command, NULL), VERDICT_GRANTED);
    }
    office_pass_seconds(&office, 60);
    atomic_store(&office.pace_us, 1000000);
    int64_t released = -1;
    struct caller anyone = {.role = ROLE_CHECKOUT};
    assert_int_equal(executor_release_expired(office.executor, &anyone, &released, NULL),
                     ERROR_NONE);
    assert_in_range(released, 1, COUNT / 10);
    office_close(&office);
}

static void releasing_what_expired_takes_as_many_commits_as_it_needs(void **state) {
    (void)state;
    enum { COUNT = 2 * EXPIRED_PER_BATCH_MAX + 10 };
    struct office office;
    office_open(&office, &(struct office_options){.tickets = COUNT});
    struct uuid others[3];
    for (int i = 0; i < 3; i++) {
        others[i] = office_add_type(&office, office.event, COUNT);
    }
    struct crowd crowd;
    crowd_open(&crowd, &office, COUNT);
    for (int i = 0; i < COUNT; i++) {
        struct command command = office_reserve(i % 2 == 0 ? office.type : others[i % 3], 1, 60, 0);
        crowd_send(&crowd, &command);
        if (i % 1000 == 0) {
            crowd_await(&crowd);
        }
    }
    crowd_await(&crowd);
    assert_int_equal(crowd_count(&crowd, VERDICT_GRANTED), COUNT);
    crowd_close(&crowd);
    office_pass_seconds(&office, 60);
    int64_t released = -1;
    struct caller anyone = {.role = ROLE_CHECKOUT};
    assert_int_equal(executor_release_expired(office.executor, &anyone, &released, NULL),
                     ERROR_NONE);
    assert_int_equal(released, COUNT);
    office_close(&office);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_janitor_sweeps_a_type_on_which_nothing_else_happens),
        cmocka_unit_test(the_janitor_forgets_keys_after_thirty_days),
        cmocka_unit_test(no_key_is_forgotten_by_a_clock_that_is_ahead_of_the_stores),
        cmocka_unit_test(releasing_what_expired_keeps_to_the_callers_events),
        cmocka_unit_test(releasing_what_expired_ends_though_more_expires_all_the_while),
        cmocka_unit_test(releasing_what_expired_takes_as_many_commits_as_it_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
