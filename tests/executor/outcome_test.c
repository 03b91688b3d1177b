/* Done, refused, or unknown: what is said when the store fails, and when it does not say. */
#include "office.h"
#include "support/unit.h"

static const struct office_options plenty = {.tickets = 100000};

static void an_unknown_commit_that_happened_is_answered_as_done(void **state) {
    (void)state;
    struct office office;
    office_open(&office, &plenty);
    office_set_faults(&office,
                      (struct memory_faults){.persist = ERROR_UNKNOWN, .persist_applies = true});
    struct command command = office_reserve(office.type, 2, 900, 0);
    assert_int_equal(office_do(&office, &command, NULL), VERDICT_GRANTED);
    assert_int_equal(office_counts(&office, office.type).reserved, 2);
    assert_int_equal(office_statistics(&office).unknown_commits, 1);
    office_close(&office);
}

static void an_unknown_commit_that_did_not_happen_runs_again(void **state) {
    (void)state;
    struct office office;
    office_open(&office, &plenty);
    office_set_faults(&office, (struct memory_faults){.persist = ERROR_UNKNOWN});
    struct command command = office_reserve(office.type, 2, 900, 0);
    assert_int_equal(office_do(&office, &command, NULL), VERDICT_GRANTED);
    assert_int_equal(office_counts(&office, office.type).reserved, 2);
    assert_int_equal(office_statistics(&office).retries, 1);
    office_close(&office);
}

static void what_cannot_be_settled_is_called_unknown_and_its_key_tells_later(void **state) {
    (void)state;
    for (int applies = 0; applies < 2; applies++) {
        struct office office;
        struct uuid made;
        office_open(&office, &plenty);
        office_set_faults(&office, (struct memory_faults){.persist = ERROR_UNKNOWN,
                                                          .persist_applies = applies != 0,
                                                          .settles_unknown = 1});
        struct command command = office_reserve(office.type, 2, 900, 9);
        assert_int_equal(office_do(&office, &command, NULL), VERDICT_OUTCOME_UNKNOWN);
        assert_int_equal(office_counts(&office, office.type).reserved, 2 * applies);
        assert_int_equal(office_do(&office, &command, &made), VERDICT_GRANTED);
        assert_int_equal(office_counts(&office, office.type).reserved, 2);
        office_close(&office);
    }
}

static void an_unknown_commit_of_settings_alone_is_called_unknown(void **state) {
    (void)state;
    struct office office;
    office_open(&office, &plenty);
    office_set_faults(&office,
                      (struct memory_faults){.persist = ERROR_UNKNOWN, .persist_applies = true});
    struct command venue = {.kind = COMMAND_VENUE_CREATE,
                            .caller = {.role = ROLE_ADMIN, .actor = ACTOR_NONE},
                            .of.venue.venue = {.name = TEXT("The hall")}};
    assert_int_equal(office_do(&office, &venue, NULL), VERDICT_OUTCOME_UNKNOWN);
    office_close(&office);
}

static void a_store_that_is_away_is_said_to_be_and_comes_back(void **state) {
    (void)state;
    static const struct memory_faults faults[] = {{.load = ERROR_UNAVAILABLE},
                                                  {.persist = ERROR_UNAVAILABLE},
                                                  {.persist = ERROR_FULL},
                                                  {.load = ERROR_CORRUPT}};
    struct office office;
    office_open(&office, &plenty);
    struct command command = office_reserve(office.type, 1, 900, 10);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        office_set_faults(&office, faults[i]);
        assert_int_equal(office_do(&office, &command, NULL), VERDICT_STORE_UNAVAILABLE);
        assert_int_equal(office_counts(&office, office.type).reserved, 0);
    }
    assert_int_equal(office_do(&office, &command, NULL), VERDICT_GRANTED);
    assert_int_equal(office_statistics(&office).failures, 4);
    office_close(&office);
}

static void a_changed_world_or_a_twin_elsewhere_makes_the_batch_run_again(void **state) {
    (void)state;
    static const enum error errors[] = {ERROR_RETRY, ERROR_TWIN};
    struct office office;
    office_open(&office, &plenty);
    for (size_t i = 0; i < 2; i++) {
        office_set_faults(&office, (struct memory_faults){.persist = errors[i]});
        struct command command = office_reserve(office.type, 1, 900, 0);
        assert_int_equal(office_do(&office, &command, NULL), VERDICT_GRANTED);
        assert_int_equal(office_statistics(&office).retries, i + 1);
    }
    assert_int_equal(office_counts(&office, office.type).reserved, 2);
    office_close(&office);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_commit_that_happened_is_answered_as_done),
        cmocka_unit_test(an_unknown_commit_that_did_not_happen_runs_again),
        cmocka_unit_test(what_cannot_be_settled_is_called_unknown_and_its_key_tells_later),
        cmocka_unit_test(an_unknown_commit_of_settings_alone_is_called_unknown),
        cmocka_unit_test(a_store_that_is_away_is_said_to_be_and_comes_back),
        cmocka_unit_test(a_changed_world_or_a_twin_elsewhere_makes_the_batch_run_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
