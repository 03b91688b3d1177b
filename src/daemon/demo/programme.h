/* programme.h - what the demonstration's houses show: venues, events, ticket types, and how
 * each has sold up to today. Data, and nothing else. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "domain/audit_entry.h"

enum { DEMO_TYPES_OF_EVENT = 5, DEMO_CHANGES = 6, DEMO_WEEKS = 5, DEMO_DAYS = DEMO_WEEKS * 7 };

struct demo_venue {
    const char *name, *address;
};

/* Days count from today: -1 is yesterday. */
struct demo_type {
    const char *name, *description;
    int64_t price;
    int32_t initial;
    int32_t max_per_customer;
    int32_t wanted;      /* tickets sold by the end */
    int on_sale_from;    /* its first day */
    int on_sale_until;   /* the day after its last; closes then unless that is today */
    int32_t in_checkout; /* reserved when the history ends */
};

struct demo_event {
    const char *name, *description;
    size_t venue;
    int starts_on, starts_at; /* day; hour there */
    bool featured, unpublished;
    struct demo_type types[DEMO_TYPES_OF_EVENT]; /* up to the first without a name */
};

/* Stock that came or went. */
struct demo_change {
    size_t event, type;
    int day;
    enum action action;
    int32_t quantity;
    const char *reason;
};

extern const struct demo_venue demo_venues[];
extern const size_t demo_venues_count;
extern const struct demo_event demo_events[];
extern const size_t demo_events_count;
extern const struct demo_change demo_changes[DEMO_CHANGES];

/* All venues are in one zone; this far behind UTC, in winter as in summer. */
#define DEMO_CURRENCY  "USD"
#define DEMO_TIME_ZONE "America/Chicago"
enum { DEMO_ZONE_HOURS = -6 };
