/* time_zone.h - what does a clock on the wall show there, and since when?
 *
 * Reads the system's zone files (TZif, RFC 9636), with the rule at their end for the years that
 * they do not list. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* An IANA name such as Europe/Berlin that the system's zone files hold. UTC is always known.
 * Names that would leave their directory are none. Reads a file. */
bool time_zone_exists(struct text name);

struct time_zone;

/* NULL: there is no zone of that name, or its file cannot be read. To be closed; NULL is accepted
 * then. A zone never changes: any thread may ask it. */
struct time_zone *time_zone_open(struct text name);
void time_zone_close(struct time_zone *zone);

/* Seconds by which its clocks are ahead of UTC at `at` (seconds since 1970). */
int32_t time_zone_offset(const struct time_zone *zone, int64_t at);

/* What its clocks are called at `at`, as CET or +0530. It is the zone's. */
const char *time_zone_abbreviation(const struct time_zone *zone, int64_t at);
