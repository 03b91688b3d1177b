/* hot_type.h - what everyone wants: one ticket type of a published event, with tickets enough. */
#pragma once

#include <ticketd/ticketd.h>

/* Ends the program, with a line on stderr, when it cannot be made. */
struct ticketd_id hot_type_make(struct ticketd *ticketd);
