/* instant.h - a point in time, in microseconds since 1970-01-01T00:00:00Z.
 *
 * Deadlines that people see are instants. Durations are measured elsewhere, on
 * the monotonic clock: the two never mix. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct instant {
    int64_t us;
};

/* "No instant": before every other one, NULL in SQL and JSON. */
#define INSTANT_NONE ((struct instant){INT64_MIN})

/* The years 1970 to 9999: what RFC 3339 can write and all stores can hold. */
#define INSTANT_MAX ((struct instant){INT64_C(253402300799999999)})

enum { INSTANT_TEXT_SIZE = 32 };

static inline bool instant_is_none(struct instant at) {
    return at.us == INT64_MIN;
}

static inline bool instant_before(struct instant a, struct instant b) {
    return a.us < b.us;
}

static inline struct instant instant_later(struct instant a, struct instant b) {
    return a.us < b.us ? b : a;
}

static inline struct instant instant_plus_seconds(struct instant at, int64_t seconds) {
    return (struct instant){at.us + seconds * INT64_C(1000000)};
}

/* The clock on the wall, which may jump. In whole milliseconds, as instants are told to people:
 * what was told is then what was decided on, to the instant. */
struct instant instant_now(void);

/* Milliseconds and UTC: "2026-11-22T10:51:52.000Z". Returns `buffer`. */
const char *instant_format(struct instant at, char buffer[INSTANT_TEXT_SIZE]);

/* RFC 3339 with any offset and up to six digits of a second; false leaves *at alone. */
bool instant_parse(struct text text, struct instant *at);

/* Where the executor and the stores get the time from, so that tests can step it. */
struct clock {
    struct instant (*now)(void *context);
    void *context;
};

struct clock clock_system(void);

static inline struct instant clock_now(struct clock clock) {
    return clock.now(clock.context);
}

/* Microseconds of the monotonic clock: for durations only. */
int64_t monotonic_us(void);
