/* outcome_code.h - a granted outcome as bytes and back, for the idempotency table.
 *
 * The first byte is the version of the form; a form once written stays readable. */
#pragma once

#include "base/arena.h"
#include "base/failure.h"
#include "domain/outcome.h"

/* TEXT_NONE when the arena is spent. */
struct text outcome_encode(const struct outcome *outcome, struct arena *arena);

/* ERROR_CORRUPT for bytes that no version of ticketd wrote, ERROR_MEMORY for a spent arena;
 * *outcome is filled only on success, and points into `arena`, never into `bytes`. */
MUST_USE enum error outcome_decode(struct text bytes, struct arena *arena, struct outcome *outcome);
