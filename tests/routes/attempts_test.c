/* How often one may fail to sign in. */
#include "routes/callers/attempts.h"

#include <stdio.h>

#include "support/unit.h"

static const int64_t second = 1000000;

static unsigned tried(struct attempts *attempts, const char *name, int64_t now, unsigned times) {
    unsigned count = 0;
    for (unsigned i = 0; i < times; i++) {
        count += attempts_take(attempts, ATTEMPT_OF_PLACE, text_of(name), now) == 0;
    }
    return count;
}

static void a_few_may_fail_and_then_one_every_so_often(void **state) {
    (void)state;
    struct attempts *attempts = attempts_create();
    int64_t now = 1000 * second, each = ATTEMPT_OF_PLACE_EVERY_SECONDS * second;
    assert_int_equal(tried(attempts, "ann", now, 50), ATTEMPTS_OF_PLACE);
    assert_int_equal(attempts_take(attempts, ATTEMPT_OF_PLACE, TEXT("ann"), now),
                     ATTEMPT_OF_PLACE_EVERY_SECONDS);
    assert_int_equal(tried(attempts, "bob", now, 50), ATTEMPTS_OF_PLACE);
    assert_int_equal(tried(attempts, "ann", now + each - second, 50), 0);
    assert_int_equal(tried(attempts, "ann", now + 3 * each, 50), 3);
    attempts_destroy(attempts);
}

static void an_address_is_counted_beside_the_account(void **state) {
    (void)state;
    struct attempts *attempts = attempts_create();
    unsigned count = 0;
    tried(attempts, "192.0.2.1", second, 50);
    for (int i = 0; i < 200; i++) {
        count += attempts_take(attempts, ATTEMPT_OF_ADDRESS, TEXT("192.0.2.1"), second) == 0;
    }
    assert_int_equal(count, ATTEMPTS_OF_ADDRESS);
    attempts_destroy(attempts);
}

static void an_account_is_counted_wherever_it_is_tried(void **state) {
    (void)state;
    struct attempts *attempts = attempts_create();
    unsigned count = 0;
    for (int i = 0; i < 200; i++) {
        count += attempts_take(attempts, ATTEMPT_OF_ACCOUNT, TEXT("ann"), second) == 0;
    }
    assert_int_equal(count, ATTEMPTS_OF_ACCOUNT);
    assert_int_equal(tried(attempts, "ann", second, 50), ATTEMPTS_OF_PLACE);
    attempts_destroy(attempts);
}

static void what_succeeds_is_given_back(void **state) {
    (void)state;
    struct attempts *attempts = attempts_create();
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(tried(attempts, "ann", second, 1), 1);
        attempts_give_back(attempts, ATTEMPT_OF_PLACE, TEXT("ann"));
    }
    assert_int_equal(tried(attempts, "ann", second, 50), ATTEMPTS_OF_PLACE);
    attempts_destroy(attempts);
}

static void a_flood_of_names_does_not_free_those_who_are_over(void **state) {
    (void)state;
    struct attempts *attempts = attempts_create();
    tried(attempts, "ann", second, 50);
    for (int i = 0; i < 100000; i++) {
        char name[16];
        snprintf(name, sizeof name, "n%d", i);
        tried(attempts, name, second, 1);
    }
    assert_int_equal(tried(attempts, "ann", second, 50), 0);
    attempts_destroy(attempts);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_few_may_fail_and_then_one_every_so_often),
    cmocka_unit_test(an_address_is_counted_beside_the_account),
    cmocka_unit_test(an_account_is_counted_wherever_it_is_tried),
    cmocka_unit_test(what_succeeds_is_given_back),
    cmocka_unit_test(a_flood_of_names_does_not_free_those_who_are_over),
};
UNIT_MAIN(tests)
