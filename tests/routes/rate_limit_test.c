/* How often one may ask. */
#include "routes/rate_limit.h"

#include <stdio.h>

#include "support/unit.h"

static const int64_t second = 1000000;

static unsigned passed(struct rate_limits *limits, const char *name, int64_t now, unsigned times) {
    unsigned count = 0;
    for (unsigned i = 0; i < times; i++) {
        count += rate_limits_take(limits, RATE_OF_ADDRESS, text_of(name), now).passed;
    }
    return count;
}

static void a_burst_passes_and_then_so_many_a_second(void **state) {
    (void)state;
    struct rate_limits *limits = rate_limits_create(&(struct rate_settings){.per_address = 10});
    assert_int_equal(passed(limits, "a", 100 * second, 50), 20);
    assert_int_equal(passed(limits, "b", 100 * second, 50), 20); /* a bucket of its own */
    assert_int_equal(passed(limits, "a", 100 * second + second / 2, 50), 5);
    assert_int_equal(passed(limits, "a", 101 * second + second / 2, 50), 10);
    assert_int_equal(passed(limits, "a", 1000 * second, 50), 20);
    struct rate_verdict verdict =
        rate_limits_take(limits, RATE_OF_ADDRESS, TEXT("a"), 1000 * second);
    assert_false(verdict.passed);
    assert_int_equal(verdict.wait_seconds, 1);
    assert_int_equal(verdict.burst, 20);
    rate_limits_destroy(limits);
}

static void a_flood_of_names_does_not_free_those_who_are_over(void **state) {
    (void)state;
    struct rate_limits *limits = rate_limits_create(&(struct rate_settings){.per_address = 10});
    assert_int_equal(passed(limits, "greedy", 100 * second, 50), 20);
    for (int i = 0; i < 200000; i++) {
        char name[16];
        snprintf(name, sizeof name, "n%d", i);
        passed(limits, name, 100 * second, 1);
    }
    assert_int_equal(passed(limits, "greedy", 100 * second, 50), 0);
    rate_limits_destroy(limits);
}

static void this_machine_is_not_limited_unless_asked_for(void **state) {
    (void)state;
    struct rate_limits *plain = rate_limits_create(&(struct rate_settings){.per_key = 0});
    struct rate_limits *strict =
        rate_limits_create(&(struct rate_settings){.limit_loopback = true});
    struct rate_limits *off = rate_limits_create(&(struct rate_settings){.off = true});
    assert_false(rate_limits_apply(plain, TEXT("127.0.0.1"), false));
    assert_false(rate_limits_apply(plain, TEXT("::1"), false));
    assert_false(rate_limits_apply(plain, TEXT("unix"), true));
    assert_true(rate_limits_apply(plain, TEXT("192.0.2.1"), false));
    assert_true(rate_limits_apply(strict, TEXT("127.0.0.1"), false));
    assert_false(rate_limits_apply(off, TEXT("192.0.2.1"), false));
    rate_limits_destroy(plain);
    rate_limits_destroy(strict);
    rate_limits_destroy(off);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_burst_passes_and_then_so_many_a_second),
    cmocka_unit_test(a_flood_of_names_does_not_free_those_who_are_over),
    cmocka_unit_test(this_machine_is_not_limited_unless_asked_for),
};
UNIT_MAIN(tests)
