#include "base/zone_rule.h"

#include <string.h>

enum { DAY_SECONDS = 86400, HOURS_MAX = 167 };

/* --- reading ------------------------------------------------------------------------ */

struct cursor {
    const char *at, *end;
    bool failed;
};

static bool next_is(const struct cursor *cursor, char c) {
    return cursor->at < cursor->end && *cursor->at == c;
}

static bool take(struct cursor *cursor, char c) {
    bool there = next_is(cursor, c);
    cursor->at += there;
    return there;
}

static int32_t take_number(struct cursor *cursor, int32_t least, int32_t most) {
    int32_t number = 0;
    const char *start = cursor->at;
    while (cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9' && number <= most) {
        number = number * 10 + (*cursor->at++ - '0');
    }
    cursor->failed |= cursor->at == start || number < least || number > most;
    return number;
}

/* Letters, or anything between angle brackets; what does not fit is cut. */
static void take_name(struct cursor *cursor, char name[ZONE_NAME_SIZE]) {
    bool quoted = take(cursor, '<');
    const char *start = cursor->at;
    while (cursor->at < cursor->end &&
           (quoted ? *cursor->at != '>'
                   : (*cursor->at | 0x20) >= 'a' && (*cursor->at | 0x20) <= 'z')) {
        cursor->at++;
    }
    size_t length = (size_t)(cursor->at - start);
    length = length < ZONE_NAME_SIZE ? length : ZONE_NAME_SIZE - 1;
    memcpy(name, start, length);
    name[length] = '\0';
    cursor->failed |= quoted ? !take(cursor, '>') : length == 0;
}

/* [+-]h[h[h]][:mm[:ss]] */
static int32_t take_time(struct cursor *cursor) {
    bool negative = take(cursor, '-');
    if (!negative) {
        (void)take(cursor, '+');
    }
    int32_t seconds = 3600 * take_number(cursor, 0, HOURS_MAX);
    if (take(cursor, ':')) {
        seconds += 60 * take_number(cursor, 0, 59);
        if (take(cursor, ':')) {
            seconds += take_number(cursor, 0, 59);
        }
    }
    return negative ? -seconds : seconds;
}

static struct zone_day take_day(struct cursor *cursor) {
    struct zone_day day = {.time = 2 * 3600};
    if (take(cursor, 'M')) {
        day.kind = ZONE_DAY_WEEKDAY;
        day.month = take_number(cursor, 1, 12);
        cursor->failed |= !take(cursor, '.');
        day.week = take_number(cursor, 1, 5);
        cursor->failed |= !take(cursor, '.');
        day.day = take_number(cursor, 0, 6);
    } else if (take(cursor, 'J')) {
        day.kind = ZONE_DAY_NO_LEAP;
        day.day = take_number(cursor, 1, 365);
    } else {
        day.kind = ZONE_DAY_PLAIN;
        day.day = take_number(cursor, 0, 365);
    }
    if (take(cursor, '/')) {
        day.time = take_time(cursor);
    }
    return day;
}

bool zone_rule_parse(struct text text, struct zone_rule *rule) {
    struct cursor cursor = {.at = text.bytes, .end = text.bytes + text.length};
    struct zone_rule read = {.has_summer = false};
    take_name(&cursor, read.standard_name);
    read.standard = -take_time(&cursor); /* POSIX counts what must be added to reach UTC */
    if (!cursor.failed && cursor.at < cursor.end) {
        read.has_summer = true;
        take_name(&cursor, read.summer_name);
        read.summer = next_is(&cursor, ',') ? read.standard + 3600 : -take_time(&cursor);
        cursor.failed |= !take(&cursor, ',');
        read.begins = take_day(&cursor);
        cursor.failed |= !take(&cursor, ',');
        read.ends = take_day(&cursor);
    }
    if (cursor.failed || cursor.at != cursor.end) {
        return false;
    }
    *rule = read;
    return true;
}

/* --- the calendar ------------------------------------------------------------------- */

static bool is_leap(int64_t year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int64_t floor_divide(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

/* Days from 1970-01-01 to the first of January. */
static int64_t year_begins(int64_t year) {
    int64_t before = year - 1;
    return 365 * (year - 1970) + floor_divide(before, 4) - floor_divide(before, 100) +
           floor_divide(before, 400) - 477; /* leap days before 1970 */
}

static int64_t year_of(int64_t at) {
    int64_t day = floor_divide(at, DAY_SECONDS);
    int64_t year = 1970 + floor_divide(day, 366);
    while (year_begins(year + 1) <= day) {
        year++;
    }
    return year;
}

/* Days after the first of January. */
static int64_t day_of_year(const struct zone_day *day, int64_t year) {
    static const int32_t month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    switch (day->kind) {
    case ZONE_DAY_PLAIN:
        return day->day;
    case ZONE_DAY_NO_LEAP: /* the 29th of February is never counted: day 60 is the first of March */
        return day->day - 1 + (is_leap(year) && day->day >= 60);
    case ZONE_DAY_WEEKDAY:
        break;
    }
    int64_t first = 0;
    for (int32_t month = 1; month < day->month; month++) {
        first += month_days[month - 1] + (month == 2 && is_leap(year));
    }
    int64_t length = month_days[day->month - 1] + (day->month == 2 && is_leap(year));
    int64_t since_epoch = year_begins(year) + first;
    int64_t weekday = ((since_epoch + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday; 0: Sunday */
    int64_t found = (day->day - weekday + 7) % 7 + 7 * (day->week - 1);
    return first + (found >= length ? found - 7 : found); /* week 5: the last one */
}

static int64_t change_at(const struct zone_day *day, int64_t year, int32_t offset_before) {
    return (year_begins(year) + day_of_year(day, year)) * DAY_SECONDS + day->time - offset_before;
}

static bool is_summer(const struct zone_rule *rule, int64_t at) {
    if (!rule->has_summer) {
        return false;
    }
    int64_t year = year_of(at + rule->standard);
    int64_t begins = change_at(&rule->begins, year, rule->standard);
    int64_t ends = change_at(&rule->ends, year, rule->summer);
    return begins < ends ? at >= begins && at < ends : at >= begins || at < ends;
}

int32_t zone_rule_offset(const struct zone_rule *rule, int64_t at) {
    return is_summer(rule, at) ? rule->summer : rule->standard;
}

const char *zone_rule_name(const struct zone_rule *rule, int64_t at) {
    return is_summer(rule, at) ? rule->summer_name : rule->standard_name;
}
