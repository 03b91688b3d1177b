/* rate_limit.h - does this caller ask more often than it may?
 *
 * A bucket (buckets.h) for each key and for each address that asks without one. Under a flood of
 * addresses the fullest buckets are forgotten first. Any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "routes/routes.h"

struct rate_limits;

struct rate_verdict {
    bool passed;
    unsigned rate, burst;  /* requests a second, and how many at once */
    unsigned wait_seconds; /* until the next one passes; 0 if it did */
};

/* NULL: no memory. */
struct rate_limits *rate_limits_create(const struct rate_settings *settings);
void rate_limits_destroy(struct rate_limits *limits);

enum rate_kind { RATE_OF_KEY, RATE_OF_ADDRESS };

/* Takes one request out of the bucket that `name` (a key's id, an address) stands for. */
struct rate_verdict rate_limits_take(struct rate_limits *limits, enum rate_kind kind,
                                     struct text name, int64_t now_us);

/* Whether requests from `peer` are counted at all. */
bool rate_limits_apply(const struct rate_limits *limits, struct text peer, bool via_unix_socket);
