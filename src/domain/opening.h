/* opening.h - with what does the log of a ticket type begin that was sold before ticketd?
 *
 * With ordinary entries (R10, R11): an increase from 0 to its total, then a sale
 * to what it has sold and a reservation to what it has reserved; where its active
 * reservations add up to something else, an entry that sets it right. What an
 * application wrote before is no part of the chain: earlier counts are not known. */
#pragma once

#include "domain/audit_entry.h"

enum { OPENING_ENTRIES_MAX = 4 };

struct opening_request {
    struct uuid ticket_type_id, event_id;
    struct counts found; /* valid ones */
    int64_t active;      /* what its active reservations add up to: sold + active <= total */
    struct instant now;
    struct uuid ids; /* a block of OPENING_ENTRIES_MAX */
};

struct opening {
    struct audit_entry entries[OPENING_ENTRIES_MAX];
    size_t count; /* 0: there is nothing to count */
};

struct opening opening_make(const struct opening_request *request);

/* Was the log whose first entry this is opened so? */
bool opening_is_adoption(const struct audit_entry *first);
