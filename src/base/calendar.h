/* calendar.h - where do the hours, days and weeks of a place begin?
 *
 * By the clock on its walls: a day may have 23 or 25 hours, an hour begins where the minutes are 0
 * there, a week on Monday. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/instant.h"
#include "base/time_zone.h"

enum interval { INTERVAL_NONE, INTERVAL_HOUR, INTERVAL_DAY, INTERVAL_WEEK };

struct text interval_name(enum interval interval); /* absent for none */
bool interval_parse(struct text name, enum interval *interval);

/* The borders within from .. to: `from` itself, then each beginning after it and before `to`.
 * Returns how many there are, at most `most` of which are written; counting ends at most + 1.
 * None where `from` is not before `to`. */
size_t calendar_borders(const struct time_zone *zone, enum interval interval, struct instant from,
                        struct instant to, struct instant *borders, size_t most);
