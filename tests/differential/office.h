/* office.h - what is asked for beside sales: venues, events and types that nobody buys, keys.
 *
 * Texts of every sort go through here: what a store must keep as it came. */
#pragma once

#include "domain/command.h"
#include "domain/outcome.h"
#include "simulation/random.h"

enum { OFFICE_ROWS = 8, OFFICE_SLOTS = 4 * OFFICE_ROWS, OFFICE_NO_SLOT = OFFICE_SLOTS };

struct office_row {
    struct uuid id; /* none: not made yet */
    int64_t version;
};

struct office {
    struct office_row rows[OFFICE_SLOTS]; /* venues, events, types, keys */
    struct uuid key_events[OFFICE_ROWS];
};

void office_init(struct office *office);

/* Keys made before `forget` may be forgotten. Returns the slot for office_learn(). */
size_t office_choose(struct office *office, struct random *random, struct instant now,
                     struct instant forget, struct command *command);

void office_learn(struct office *office, size_t slot, const struct outcome *outcome);
