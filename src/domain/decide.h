/* decide.h - may this be done, and what does it change?
 *
 * Pure: the verdict depends on the world and the command and nothing else; no
 * clock, no I/O. A refused command changes nothing. A granted one changes the
 * world: rows, counts, one audit entry for each change of a count (R10). The
 * rules it cites (R1, R2, ...) are numbered in docs/rules.md. */
#pragma once

#include "domain/outcome.h"
#include "domain/world.h"

/* Once after load, before the first decision: quarantines types whose rows cannot be true, and
 * writes the release of every expired reservation that was loaded (R3). False: the arena is
 * spent. */
bool decide_begin(struct world *world);

/* The command touches a ticket type that has more expired reservations than this batch carries, or
 * whose limit per customer is new to it: it must wait for a later batch, or it could be refused for
 * tickets that are free, or granted beyond the limit. */
bool decide_must_wait(const struct world *world, const struct command *command);

/* Decides one command. A stored answer for its idempotency key is given again (R14); a granted
 * outcome is remembered under it. False: the arena is spent, and the world is not to be used. */
bool decide(struct world *world, const struct command *command, struct outcome *outcome);
