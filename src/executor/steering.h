/* steering.h - which lane does a command go to?
 *
 * Everything that belongs to an event goes one way, by the 16 bits in which its ids end: so batches
 * of different lanes seldom want the same rows. It is a hint: ids that were made elsewhere end as
 * they like, and correctness rests on the rows' locks alone. */
#pragma once

#include "domain/command.h"

/* Any number; the same for the same event, else for the same id or idempotency key. */
uint16_t command_lane(const struct command *command);
