/* A store that goes away and comes back, and a ticket type that cannot be counted on. */
#include <time.h>

#include "executor/quarantine.h"
#include "office.h"
#include "support/unit.h"

static const struct office_options plenty = {.tickets = 100, .lanes = 2};

/* What a lane finds out by asking again each second; false: not within ten. */
static bool outage_ends(struct office *office) {
    struct executor_outage outage;
    for (int i = 0; i < 1000; i++) {
        if (!executor_find_outage(office->executor, &outage)) {
            return true;
        }
        nanosleep(&(struct timespec){.tv_nsec = 10 * 1000 * 1000}, NULL);
    }
    return false;
}

static void while_the_store_is_away_commands_hear_so_at_once(void **state) {
    (void)state;
    struct office office;
    struct executor_outage outage;
    office_open(&office, &plenty);
    assert_false(executor_find_outage(office.executor, &outage));
    office_set_faults(&office, (struct memory_faults){.is_away = true});
    struct command command = office_reserve(office.type, 1, 900, 0);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(office_do(&office, &command, NULL), VERDICT_STORE_UNAVAILABLE);
    }
    assert_true(executor_find_outage(office.executor, &outage));
    assert_int_equal(outage.failure.error, ERROR_UNAVAILABLE);
    assert_string_equal(outage.failure.sentence, "a fault was asked for");
    int64_t now_us = atomic_load(&office.now_us);
    assert_in_range(outage.since.us, now_us - 10000000, now_us);
    office_set_faults(&office, (struct memory_faults){.is_away = false});
    assert_int_equal(office_do(&office, &command, NULL), VERDICT_GRANTED);
    assert_false(executor_find_outage(office.executor, &outage));
    office_close(&office);
}

static void the_outage_ends_though_nobody_asks_for_anything(void **state) {
    (void)state;
    struct office office;
    struct executor_outage outage;
    office_open(&office, &plenty);
    office_set_faults(&office, (struct memory_faults){.is_away = true});
    struct uuid types[] = {office.type, uuid_in_lane(office.type, 0), uuid_in_lane(office.type, 1)};
    for (size_t i = 0; i < 3; i++) { /* through both lanes */
        struct command command = office_reserve(types[i], 1, 900, 0);
        assert_int_equal(office_do(&office, &command, NULL), VERDICT_STORE_UNAVAILABLE);
    }
    assert_true(executor_find_outage(office.executor, &outage));
    office_set_faults(&office, (struct memory_faults){.is_away = false});
    assert_true(outage_ends(&office));
    office_close(&office);
}

static void the_janitor_lives_through_an_outage(void **state) {
    (void)state;
    static const struct office_options options = {.tickets = 10, .with_janitor = true};
    struct office office;
    office_open(&office, &options);
    struct command command = office_reserve(office.type, 4, 60, 0);
    assert_int_equal(office_do(&office, &command, NULL), VERDICT_GRANTED);
    office_set_faults(&office, (struct memory_faults){.is_away = true});
    office_pass_seconds(&office, 60);
    nanosleep(&(struct timespec){.tv_sec = 1, .tv_nsec = 500 * 1000 * 1000}, NULL); /* a round */
    assert_int_equal(office_statistics(&office).expiries, 0);
    office_set_faults(&office, (struct memory_faults){.is_away = false});
    office_await_expiries(&office, 1);
    office_close(&office);
}

/* --- quarantine --- */

static void a_type_whose_rows_cannot_be_true_is_counted_and_its_neighbours_go_on(void **state) {
    (void)state;
    struct office office;
    office_open(&office, &plenty);
    struct command faulty =
        office_reserve(office_adopt_type(&office, 10, 0, 5 /* of none */), 1, 900, 0);
    struct command sound = office_reserve(office.type, 1, 900, 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(office_do(&office, &faulty, NULL), VERDICT_INVENTORY_INCONSISTENT);
        assert_int_equal(office_do(&office, &sound, NULL), VERDICT_GRANTED);
        assert_int_equal(office_statistics(&office).quarantined_types, 1);
    }
    office_close(&office);
}

static void follow(struct quarantine *quarantine, unsigned number, const char *fault,
                   int64_t seconds) {
    struct world_type type = {.row.id = {{[15] = (uint8_t)number, [0] = 1}}, .fault = fault};
    struct world world = {.types = &type};
    quarantine_follow(quarantine, &world, seconds * 1000000);
}

static void a_type_leaves_quarantine_when_no_fault_was_seen_for_a_minute(void **state) {
    (void)state;
    struct quarantine quarantine;
    struct uuid list[4];
    quarantine_init(&quarantine);
    follow(&quarantine, 1, NULL, 0);
    assert_int_equal(quarantine_count(&quarantine), 0);
    follow(&quarantine, 1, "broken", 1);
    follow(&quarantine, 2, "broken", 1);
    follow(&quarantine, 1, "broken", 10);
    assert_int_equal(quarantine_count(&quarantine), 2);
    follow(&quarantine, 1, NULL, 10 + QUARANTINE_SECONDS - 1);
    follow(&quarantine, 3, NULL, 10 + QUARANTINE_SECONDS);
    assert_int_equal(quarantine_count(&quarantine), 2);
    follow(&quarantine, 1, NULL, 10 + QUARANTINE_SECONDS);
    assert_int_equal(quarantine_list(&quarantine, list, 4), 1);
    assert_int_equal(list[0].bytes[15], 2);
    quarantine_finish(&quarantine);
}

static void quarantine_remembers_no_more_than_it_has_room_for(void **state) {
    (void)state;
    struct quarantine quarantine;
    quarantine_init(&quarantine);
    for (unsigned i = 0; i < 2 * QUARANTINE_MAX; i++) {
        struct world_type type = {.row.id = {{1, (uint8_t)(i >> 8), (uint8_t)i}}, .fault = "so"};
        struct world world = {.types = &type};
        quarantine_follow(&quarantine, &world, 0);
    }
    assert_int_equal(quarantine_count(&quarantine), QUARANTINE_MAX);
    quarantine_finish(&quarantine);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(while_the_store_is_away_commands_hear_so_at_once),
        cmocka_unit_test(the_outage_ends_though_nobody_asks_for_anything),
        cmocka_unit_test(the_janitor_lives_through_an_outage),
        cmocka_unit_test(a_type_whose_rows_cannot_be_true_is_counted_and_its_neighbours_go_on),
        cmocka_unit_test(a_type_leaves_quarantine_when_no_fault_was_seen_for_a_minute),
        cmocka_unit_test(quarantine_remembers_no_more_than_it_has_room_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
