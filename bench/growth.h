/* growth.h - is it still fast when its log is long? */
#pragma once

#include "stand.h"

enum { GROWTH_ENTRIES = 10 * 1000 * 1000 };

/* Two servers on each store, one of them with so many entries in the log: what they do in turn, as
 * a table on stdout. Needs of the stand its program, scripts and seconds. False, with a line on
 * stderr, when it cannot be measured. */
bool growth_measure(struct stand *stand, int rounds, long entries);
