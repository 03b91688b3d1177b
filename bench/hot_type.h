/* hot_type.h - ticket types to sell from, that never sell out. */
#pragma once

#include "ticketd/ticketd.h"

enum { TYPES_OF_EVENT = 10 };

/* Makes published events and `count` ticket types in them, at most TYPES_OF_EVENT each; the first
 * is the one that everyone wants. Ends the process, with a line on stderr, when it cannot. */
void hot_type_make(struct ticketd *ticketd, struct ticketd_id *ids, int count);
