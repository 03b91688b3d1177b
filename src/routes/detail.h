/* detail.h - what is said to people when a command is refused: one sentence, with its numbers. */
#pragma once

#include "base/arena.h"
#include "domain/outcome.h"

/* Absent: there is nothing to say beyond what the code means. */
struct text detail_of(const struct outcome *outcome, struct arena *arena);
