#include "base/calendar.h"

#include "base/check.h"

enum { SECOND_US = 1000000, HOUR_SECONDS = 3600, DAY_SECONDS = 86400 };

struct text interval_name(enum interval interval) {
    switch (interval) {
    case INTERVAL_NONE:
        return TEXT_NONE;
    case INTERVAL_HOUR:
        return TEXT("hour");
    case INTERVAL_DAY:
        return TEXT("day");
    case INTERVAL_WEEK:
        return TEXT("week");
    }
    return TEXT_NONE;
}

bool interval_parse(struct text name, enum interval *interval) {
    for (enum interval each = INTERVAL_HOUR; each <= INTERVAL_WEEK; each++) {
        if (text_equals(interval_name(each), name)) {
            *interval = each;
            return true;
        }
    }
    return false;
}

static int64_t floor_divide(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

/* The first second within low .. high whose offset is not that of `low`; high's is another. */
static int64_t change_between(const struct time_zone *zone, int64_t low, int64_t high) {
    int32_t before = time_zone_offset(zone, low);
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (time_zone_offset(zone, middle) == before) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return high;
}

/* When the clocks there show `local` (seconds as if it were UTC) for the first time; where they
 * never do, because they are put forward over it, when that is done. */
static int64_t when_local(const struct time_zone *zone, int64_t local) {
    int32_t before = time_zone_offset(zone, local - DAY_SECONDS);
    int32_t after = time_zone_offset(zone, local + DAY_SECONDS);
    if (time_zone_offset(zone, local - before) == before) {
        return local - before;
    }
    if (time_zone_offset(zone, local - after) == after) {
        return local - after;
    }
    return change_between(zone, local - DAY_SECONDS, local + DAY_SECONDS);
}

/* The first beginning of an hour after `at`. A change of the clocks within an hour begins one, too:
 * each hour then has one name. */
static int64_t next_hour(const struct time_zone *zone, int64_t at) {
    int32_t offset = time_zone_offset(zone, at);
    int64_t local = at + offset;
    int64_t next = at + HOUR_SECONDS - (local - HOUR_SECONDS * floor_divide(local, HOUR_SECONDS));
    return time_zone_offset(zone, next) == offset ? next : change_between(zone, at, next);
}

/* The first Monday after the day (counted from 1970-01-01, a Thursday). */
static int64_t next_monday(int64_t day) {
    return 7 * floor_divide(day + 3, 7) + 4;
}

static int64_t next_day(const struct time_zone *zone, int64_t at, bool monday) {
    int64_t day = floor_divide(at + time_zone_offset(zone, at), DAY_SECONDS);
    int64_t next = monday ? next_monday(day) : day + 1;
    int64_t begins = when_local(zone, next * DAY_SECONDS);
    /* Clocks that go back over midnight show a date twice: it began the first time. */
    return begins > at ? begins : when_local(zone, (next + (monday ? 7 : 1)) * DAY_SECONDS);
}

static int64_t next_border(const struct time_zone *zone, enum interval interval, int64_t at) {
    switch (interval) {
    case INTERVAL_HOUR:
        return next_hour(zone, at);
    case INTERVAL_DAY:
        return next_day(zone, at, false);
    case INTERVAL_WEEK:
        return next_day(zone, at, true);
    case INTERVAL_NONE:
        break;
    }
    return INT64_MAX / SECOND_US;
}

size_t calendar_borders(const struct time_zone *zone, enum interval interval, struct instant from,
                        struct instant to, struct instant *borders, size_t most) {
    size_t count = 0;
    struct instant at = from;
    while (instant_before(at, to) && count <= most) {
        if (count < most) {
            borders[count] = at;
        }
        count++;
        int64_t next = next_border(zone, interval, floor_divide(at.us, SECOND_US));
        ensure(next * SECOND_US > at.us);
        at = (struct instant){next * SECOND_US};
    }
    return count;
}
