/* verify.h - do the log, the counts and the reservations say the same?
 *
 * Replays the audit log of each ticket type from its first entry, checks every step and hash, and
 * compares where it ends with the row and with what the reservations add up to. Each type is
 * compared as of one snapshot, so that a server may go on selling beside it; the entries below that
 * snapshot never change and are read in pages. */
#pragma once

#include "store/reader.h"

struct verification {
    void (*on_fault)(void *context, struct uuid ticket_type_id, const char *sentence);
    void *context;

    int64_t types, entries, faults;
};

/* Every type, archived ones too. An error is of the store; what differs is a fault. */
MUST_USE enum error verify_all(struct verification *verification, struct store_reader *reader,
                               struct failure *failure);
MUST_USE enum error verify_type(struct verification *verification, struct store_reader *reader,
                                struct uuid ticket_type_id, struct failure *failure);
