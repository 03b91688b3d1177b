#include "base/instant.h"

#include <stdio.h>
#include <time.h>

#include "support/unit.h"

static void an_instant_is_read_with_any_offset(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t us; /* -1: refused */
    } table[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1970-01-01T00:00:00.000001Z", 1},
        {"2026-11-22T10:51:52.000Z", INT64_C(1795344712000000)},
        {"2026-11-22t10:51:52z", INT64_C(1795344712000000)},
        {"2026-11-22T11:51:52+01:00", INT64_C(1795344712000000)},
        {"2026-11-22T00:21:52-10:30", INT64_C(1795344712000000)},
        {"2024-02-29T00:00:00Z", INT64_C(1709164800000000)},
        {"9999-12-31T23:59:59.999999Z", INT64_C(253402300799999999)},
        {"2023-02-29T00:00:00Z", -1},
        {"1900-02-29T00:00:00Z", -1},
        {"2026-13-01T00:00:00Z", -1},
        {"2026-00-01T00:00:00Z", -1},
        {"2026-04-31T00:00:00Z", -1},
        {"2026-11-22T24:00:00Z", -1},
        {"2026-11-22T10:60:00Z", -1},
        {"2026-11-22T10:51:60Z", -1},
        {"2026-11-22T10:51:52", -1},
        {"2026-11-22T10:51:52.Z", -1},
        {"2026-11-22T10:51:52.1234567Z", -1},
        {"2026-11-22T10:51:52+24:00", -1},
        {"2026-11-22T10:51:52+01:60", -1},
        {"2026-11-22T10:51:52Z ", -1},
        {"2026-11-22", -1},
        {"26-11-22T10:51:52Z", -1},
        {"1969-12-31T23:59:59Z", -1},
        {"9999-12-31T23:59:59-01:00", -1},
        {"", -1},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct instant at = {-77};
        bool parsed = instant_parse(text_of(table[i].text), &at);
        if (parsed != (table[i].us >= 0) || at.us != (parsed ? table[i].us : -77)) {
            fail_msg("%s: %d %lld", table[i].text, parsed, (long long)at.us);
        }
    }
    struct instant at;
    assert_false(instant_parse(TEXT_NONE, &at));
}

/* The C library's own calendar, over four centuries, a day and some at a time. */
static void what_is_written_is_read_again_and_agrees_with_the_c_library(void **state) {
    (void)state;
    for (int64_t us = 0; us <= INSTANT_MAX.us; us += INT64_C(86400000000) * 97 + 12345678) {
        char written[INSTANT_TEXT_SIZE];
        char expected[64];
        time_t seconds = (time_t)(us / 1000000);
        struct tm tm;
        gmtime_r(&seconds, &tm);
        size_t length = strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%S", &tm);
        snprintf(expected + length, sizeof expected - length, ".%03dZ", (int)(us / 1000 % 1000));
        assert_string_equal(instant_format((struct instant){us}, written), expected);
        struct instant again;
        assert_true(instant_parse(text_of(written), &again));
        assert_int_equal(again.us, us - us % 1000);
    }
}

static void none_is_before_every_other_instant(void **state) {
    (void)state;
    assert_true(instant_is_none(INSTANT_NONE));
    assert_true(instant_before(INSTANT_NONE, (struct instant){0}));
    assert_int_equal(instant_later(INSTANT_NONE, (struct instant){5}).us, 5);
    assert_int_equal(instant_later((struct instant){7}, (struct instant){5}).us, 7);
    assert_int_equal(instant_plus_seconds((struct instant){1}, -2).us, -1999999);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(an_instant_is_read_with_any_offset),
    cmocka_unit_test(what_is_written_is_read_again_and_agrees_with_the_c_library),
    cmocka_unit_test(none_is_before_every_other_instant),
};
UNIT_MAIN(tests)
