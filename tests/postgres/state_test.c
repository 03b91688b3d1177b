/* What PostgreSQL's five letters mean to us. */
#include "store/postgres/state.h"
#include "support/unit.h"

static void what_a_row_does_wrong_is_its_own_fault_alone(void **state) {
    (void)state;
    /* Of a whole batch only the halves go in again, until the culprit is found. */
    assert_int_equal(state_error("23514"), ERROR_REJECTED);
    assert_int_equal(state_error("22021"), ERROR_REJECTED);
    assert_int_equal(state_error("P0001"), ERROR_REJECTED); /* RAISE in a trigger of the shop's */
    assert_int_equal(state_error("44000"), ERROR_REJECTED);
    assert_int_equal(state_error("54000"), ERROR_REJECTED); /* too long for an index of its own */
}

static void a_connection_that_timed_out_is_made_anew_and_asked_again(void **state) {
    (void)state;
    static const char *const states[] = {"25P03", "25P04", "57P01", "57P05"};
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        assert_int_equal(state_error(states[i]), ERROR_RETRY);
        assert_true(state_ends_connection(states[i]));
    }
}

static void a_commit_is_of_unknown_fate_unless_it_was_refused(void **state) {
    (void)state;
    assert_int_equal(state_error_of_commit(NULL), ERROR_UNKNOWN);
    assert_int_equal(state_error_of_commit("57P01"), ERROR_UNKNOWN);
    assert_int_equal(state_error_of_commit("40003"), ERROR_UNKNOWN);
    assert_int_equal(state_error_of_commit("40001"), ERROR_RETRY);
    assert_int_equal(state_error_of_commit("23503"), ERROR_REJECTED);
}

static void what_is_damaged_or_away_is_nobodys_fault(void **state) {
    (void)state;
    assert_int_equal(state_error("XX001"), ERROR_UNAVAILABLE);
    assert_int_equal(state_error("58030"), ERROR_UNAVAILABLE);
    assert_int_equal(state_error("53100"), ERROR_FULL);
    assert_int_equal(state_error("42P01"), ERROR_CORRUPT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_row_does_wrong_is_its_own_fault_alone),
        cmocka_unit_test(a_connection_that_timed_out_is_made_anew_and_asked_again),
        cmocka_unit_test(a_commit_is_of_unknown_fate_unless_it_was_refused),
        cmocka_unit_test(what_is_damaged_or_away_is_nobodys_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
