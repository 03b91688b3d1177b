/* ledger.h - what the shop was told, and whether a file still says the same.
 *
 * A batch is acknowledged, refused, or unknown. After a crash what was
 * acknowledged must be there, what was refused must not, and what is unknown
 * must be there whole or not at all. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/uuid.h"
#include "domain/reservation.h"

enum fate { FATE_ACKNOWLEDGED, FATE_REFUSED, FATE_UNKNOWN };

enum { LEDGER_MADE = 3, LEDGER_BATCHES_MAX = 16 };

/* What each batch does: makes three reservations, then completes one and releases another that an
 * earlier batch made. */
struct ledger_batch {
    enum fate fate;
    char keys[LEDGER_MADE][16];
    struct uuid made[LEDGER_MADE];
    struct uuid completed, released; /* or none */
};

struct ledger {
    struct uuid event, type;
    struct ledger_batch batches[LEDGER_BATCHES_MAX];
    size_t count;
};

/* Opens the file and holds it against the ledger, by every invariant; false, with a sentence, where
 * it does not fit. */
bool ledger_holds(const struct ledger *ledger, const char *url, char *sentence, size_t size);
