/* memory_store.h - rows in this process's memory: gone with it, and fast.
 *
 * For the simulation, tests and trying out. It keeps every promise of store.h
 * but durability, and breaks them on demand: a test sets its
 * faults, from any thread. Memory that cannot be had stops the process. */
#pragma once

#include "store/store.h"

/* What goes wrong next. All zero: nothing. */
struct memory_faults {
    enum error load; /* the next load fails so */
    /* The next persist fails so. ERROR_UNKNOWN leaves it to `persist_applies` whether the batch is
     * there all the same; with any other error nothing is. */
    enum error persist;
    bool persist_applies;
    unsigned settles_unknown; /* so many settles cannot tell either */
    /* A batch that writes a reservation of this user is rejected, whenever it comes. */
    struct uuid poison_user;
    bool is_away; /* every load, persist and read fails with ERROR_UNAVAILABLE */
};

MUST_USE enum error memory_store_open(const struct store_options *options, struct store **store,
                                      struct failure *failure);

/* Replaces all faults. Each but the poison and being away goes off once. */
void memory_store_set_faults(struct store *store, const struct memory_faults *faults);
