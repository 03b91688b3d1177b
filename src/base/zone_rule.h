/* zone_rule.h - a rule for all years to come, as POSIX writes it: "CET-1CEST,M3.5.0,M10.5.0/3". */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* A day of the year and a time on it. */
struct zone_day {
    enum zone_day_kind { ZONE_DAY_WEEKDAY, ZONE_DAY_NO_LEAP, ZONE_DAY_PLAIN } kind;
    int32_t month, week, day; /* weekday: of which month, which one of it; else the day alone */
    int32_t time;             /* seconds after midnight; may be negative or beyond a day */
};

enum { ZONE_NAME_SIZE = 8 }; /* "CEST": six characters at most, in all that there are */

struct zone_rule {
    int32_t standard, summer; /* seconds ahead of UTC */
    char standard_name[ZONE_NAME_SIZE], summer_name[ZONE_NAME_SIZE];
    bool has_summer;
    struct zone_day begins, ends; /* of summer time, by the clock before the change */
};

/* False: it is none. */
bool zone_rule_parse(struct text text, struct zone_rule *rule);

/* Seconds ahead of UTC at `at` (seconds since 1970). */
int32_t zone_rule_offset(const struct zone_rule *rule, int64_t at);

/* What the clock is called then, as CET or +0530. It is the rule's. */
const char *zone_rule_name(const struct zone_rule *rule, int64_t at);
