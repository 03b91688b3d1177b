/* Where hours, days and weeks begin, by the clock of a place. */
#include "base/calendar.h"

#include <stdio.h>

#include "base/zone_rule.h"
#include "support/unit.h"

enum { HOUR = 3600, BORDERS_MAX = 1000 };

static struct instant borders[BORDERS_MAX];

static struct instant at(const char *text) {
    struct instant parsed;
    assert_true(instant_parse(text_of(text), &parsed));
    return parsed;
}

static size_t lay_out(const char *name, enum interval interval, const char *from, const char *to) {
    struct time_zone *zone = time_zone_open(text_of(name));
    assert_non_null(zone);
    size_t count = calendar_borders(zone, interval, at(from), at(to), borders, BORDERS_MAX);
    time_zone_close(zone);
    return count;
}

static void assert_borders(const char *zone, enum interval interval, const char *from,
                           const char *to, const char *const *expected) {
    size_t count = lay_out(zone, interval, from, to);
    size_t wanted = 0;
    for (; expected[wanted] != NULL; wanted++) {
        char text[INSTANT_TEXT_SIZE];
        assert_true(wanted < count);
        assert_string_equal(instant_format(borders[wanted], text), expected[wanted]);
    }
    assert_int_equal(count, wanted);
}

static void days_begin_at_midnight_there_whatever_the_clocks_do(void **state) {
    (void)state;
    assert_borders("Europe/Berlin", INTERVAL_DAY, "2026-03-28T12:00:00Z", "2026-03-31T00:00:00Z",
                   (const char *[]){"2026-03-28T12:00:00.000Z", "2026-03-28T23:00:00.000Z",
                                    "2026-03-29T22:00:00.000Z", "2026-03-30T22:00:00.000Z", NULL});
    assert_borders("Europe/Berlin", INTERVAL_DAY, "2026-10-24T22:00:00Z", "2026-10-26T23:00:00Z",
                   (const char *[]){"2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z", NULL});
    assert_borders("Asia/Kathmandu", INTERVAL_DAY, "2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z",
                   (const char *[]){"2026-01-01T00:00:00.000Z", "2026-01-01T18:15:00.000Z",
                                    "2026-01-02T18:15:00.000Z", NULL});
    assert_borders("America/St_Johns", INTERVAL_DAY, "2026-03-07T12:00:00Z", "2026-03-10T00:00:00Z",
                   (const char *[]){"2026-03-07T12:00:00.000Z", "2026-03-08T03:30:00.000Z",
                                    "2026-03-09T02:30:00.000Z", NULL});
    assert_borders("UTC", INTERVAL_DAY, "2026-03-07T12:00:00.000001Z",
                   "2026-03-08T00:00:00.000001Z",
                   (const char *[]){"2026-03-07T12:00:00.000Z", "2026-03-08T00:00:00.000Z", NULL});
}

static void a_day_has_23_24_or_25_hours(void **state) {
    (void)state;
    assert_int_equal(
        lay_out("Europe/Berlin", INTERVAL_HOUR, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
        23);
    assert_int_equal(
        lay_out("Europe/Berlin", INTERVAL_HOUR, "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"),
        25);
    assert_int_equal(
        lay_out("Europe/Berlin", INTERVAL_HOUR, "2026-07-01T22:00:00Z", "2026-07-02T22:00:00Z"),
        24);
}

static void midnight_that_is_skipped_is_when_the_clocks_are_put_forward(void **state) {
    (void)state;
    /* 2018-11-04 in São Paulo began at 01:00; 2018-02-18 the clocks went back from its midnight. */
    assert_borders("America/Sao_Paulo", INTERVAL_DAY, "2018-11-03T03:00:00Z",
                   "2018-11-05T12:00:00Z",
                   (const char *[]){"2018-11-03T03:00:00.000Z", "2018-11-04T03:00:00.000Z",
                                    "2018-11-05T02:00:00.000Z", NULL});
    assert_borders("America/Sao_Paulo", INTERVAL_DAY, "2018-02-17T02:00:00Z",
                   "2018-02-18T12:00:00Z",
                   (const char *[]){"2018-02-17T02:00:00.000Z", "2018-02-18T03:00:00.000Z", NULL});
}

static void a_day_that_never_was_has_no_border(void **state) {
    (void)state;
    /* Samoa went over the date line: there was no 30th of December 2011. */
    assert_borders("Pacific/Apia", INTERVAL_DAY, "2011-12-29T10:00:00Z", "2012-01-01T00:00:00Z",
                   (const char *[]){"2011-12-29T10:00:00.000Z", "2011-12-30T10:00:00.000Z",
                                    "2011-12-31T10:00:00.000Z", NULL});
}

static void hours_begin_where_the_minutes_are_0_there(void **state) {
    (void)state;
    assert_borders("Asia/Kathmandu", INTERVAL_HOUR, "2026-01-01T00:00:00Z", "2026-01-01T02:00:00Z",
                   (const char *[]){"2026-01-01T00:00:00.000Z", "2026-01-01T00:15:00.000Z",
                                    "2026-01-01T01:15:00.000Z", NULL});
    /* Lord Howe puts its clocks by half an hour: 02:00 becomes 02:30, and 02:00 becomes 01:30. */
    assert_borders("Australia/Lord_Howe", INTERVAL_HOUR, "2026-10-03T14:30:00Z",
                   "2026-10-03T17:00:00Z",
                   (const char *[]){"2026-10-03T14:30:00.000Z", "2026-10-03T15:30:00.000Z",
                                    "2026-10-03T16:00:00.000Z", NULL});
    assert_borders("Australia/Lord_Howe", INTERVAL_HOUR, "2026-04-04T14:00:00Z",
                   "2026-04-04T17:00:00Z",
                   (const char *[]){"2026-04-04T14:00:00.000Z", "2026-04-04T15:00:00.000Z",
                                    "2026-04-04T15:30:00.000Z", "2026-04-04T16:30:00.000Z", NULL});
}

static void weeks_begin_on_monday(void **state) {
    (void)state;
    assert_borders("Europe/Berlin", INTERVAL_WEEK, "2026-03-25T12:00:00Z", "2026-04-08T00:00:00Z",
                   (const char *[]){"2026-03-25T12:00:00.000Z", "2026-03-29T22:00:00.000Z",
                                    "2026-04-05T22:00:00.000Z", NULL});
    assert_borders("UTC", INTERVAL_WEEK, "1970-01-01T00:00:00Z", "1970-01-12T00:00:00Z",
                   (const char *[]){"1970-01-01T00:00:00.000Z", "1970-01-05T00:00:00.000Z", NULL});
}

static void without_an_interval_there_is_one_border(void **state) {
    (void)state;
    assert_borders("UTC", INTERVAL_NONE, "2026-01-01T10:00:00Z", "9999-12-31T00:00:00Z",
                   (const char *[]){"2026-01-01T10:00:00.000Z", NULL});
    assert_int_equal(lay_out("UTC", INTERVAL_NONE, "2026-01-01T10:00:00Z", "2026-01-01T10:00:00Z"),
                     0);
}

static void counting_ends_where_there_are_too_many(void **state) {
    (void)state;
    assert_int_equal(lay_out("UTC", INTERVAL_HOUR, "1970-01-01T00:00:00Z", "9999-12-31T00:00:00Z"),
                     BORDERS_MAX + 1);
}

/* The rule at the end of a zone's file goes on where its list ends. */
static void years_that_no_file_lists_follow_the_rule(void **state) {
    (void)state;
    assert_borders("Europe/Berlin", INTERVAL_DAY, "2126-03-30T23:00:00Z", "2126-04-01T12:00:00Z",
                   (const char *[]){"2126-03-30T23:00:00.000Z", "2126-03-31T22:00:00.000Z", NULL});
}

static void a_rule_says_when_summer_begins(void **state) {
    (void)state;
    static const struct {
        const char *rule, *at;
        int32_t offset; /* seconds ahead of UTC */
    } table[] = {
        {"CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T00:59:59Z", HOUR},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T01:00:00Z", 2 * HOUR},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T00:59:59Z", 2 * HOUR},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T01:00:00Z", HOUR},
        {"NST3:30NDT,M3.2.0,M11.1.0", "2026-03-08T05:29:59Z", -12600},
        {"NST3:30NDT,M3.2.0,M11.1.0", "2026-03-08T05:30:00Z", -9000},
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-01-01T00:00:00Z", 11 * HOUR},
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-07-01T00:00:00Z", 10 * HOUR},
        {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-12-31T23:59:59Z", 11 * HOUR},
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z", -2 * HOUR},
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", -HOUR},
        {"XXX0YYY,J60/0,J300/0", "2024-02-29T23:59:59Z", 0},
        {"XXX0YYY,J60/0,J300/0", "2024-03-01T00:00:00Z", HOUR},
        {"XXX0YYY,59/0,300/0", "2024-02-29T00:00:00Z", HOUR},
        {"JST-9", "2026-07-01T00:00:00Z", 9 * HOUR},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct zone_rule rule;
        assert_true(zone_rule_parse(text_of(table[i].rule), &rule));
        assert_int_equal(zone_rule_offset(&rule, at(table[i].at).us / 1000000), table[i].offset);
    }
}

static void a_clock_is_called_what_it_shows(void **state) {
    (void)state;
    static const struct {
        const char *zone, *at, *name;
    } table[] = {
        {"Europe/Berlin", "2026-10-25T00:59:59Z", "CEST"},
        {"Europe/Berlin", "2026-10-25T01:00:00Z", "CET"},
        {"Europe/Berlin", "2061-07-01T00:00:00Z", "CEST"}, /* by the rule */
        {"America/New_York", "2026-03-08T06:59:59Z", "EST"},
        {"America/New_York", "2026-03-08T07:00:00Z", "EDT"},
        {"Australia/Lord_Howe", "2026-07-01T00:00:00Z", "+1030"},
        {"Asia/Kolkata", "2026-07-01T00:00:00Z", "IST"},
        {"UTC", "2026-07-01T00:00:00Z", "UTC"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct time_zone *zone = time_zone_open(text_of(table[i].zone));
        assert_non_null(zone);
        assert_string_equal(time_zone_abbreviation(zone, at(table[i].at).us / 1000000),
                            table[i].name);
        time_zone_close(zone);
    }
}

static void what_is_no_rule_is_refused(void **state) {
    (void)state;
    static const char *const rules[] = {"",
                                        "CET",
                                        "-1",
                                        "CET-1CEST",
                                        "CET-1CEST,M3.5.0",
                                        "CET-1CEST,M13.5.0,M10.5.0",
                                        "CET-1CEST,M3.6.0,M10.5.0",
                                        "CET-1CEST,M3.5.7,M10.5.0",
                                        "CET-1CEST,J0,J10",
                                        "CET-1CEST,366,10",
                                        "<CET-1",
                                        "CET-200",
                                        "CET-1x"};
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        struct zone_rule rule;
        assert_false(zone_rule_parse(text_of(rules[i]), &rule));
    }
}

static void a_zone_that_is_none_cannot_be_opened(void **state) {
    (void)state;
    assert_null(time_zone_open(text_of("Mars/Olympus")));
    assert_null(time_zone_open(text_of("../../etc/passwd")));
    assert_null(time_zone_open(text_of("Europe")));   /* a directory */
    assert_null(time_zone_open(text_of("zone.tab"))); /* no zone */
}

static void an_interval_has_a_name(void **state) {
    (void)state;
    for (enum interval each = INTERVAL_HOUR; each <= INTERVAL_WEEK; each++) {
        enum interval parsed = INTERVAL_NONE;
        assert_true(interval_parse(interval_name(each), &parsed));
        assert_int_equal(parsed, each);
    }
    enum interval none;
    assert_false(interval_parse(text_of("month"), &none));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_begin_at_midnight_there_whatever_the_clocks_do),
        cmocka_unit_test(a_day_has_23_24_or_25_hours),
        cmocka_unit_test(midnight_that_is_skipped_is_when_the_clocks_are_put_forward),
        cmocka_unit_test(a_day_that_never_was_has_no_border),
        cmocka_unit_test(hours_begin_where_the_minutes_are_0_there),
        cmocka_unit_test(weeks_begin_on_monday),
        cmocka_unit_test(without_an_interval_there_is_one_border),
        cmocka_unit_test(counting_ends_where_there_are_too_many),
        cmocka_unit_test(years_that_no_file_lists_follow_the_rule),
        cmocka_unit_test(a_rule_says_when_summer_begins),
        cmocka_unit_test(a_clock_is_called_what_it_shows),
        cmocka_unit_test(what_is_no_rule_is_refused),
        cmocka_unit_test(a_zone_that_is_none_cannot_be_opened),
        cmocka_unit_test(an_interval_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
