/* core_command.h - what a scene asks, as the command that the routes would make of it. */
#pragma once

#include "base/arena.h"
#include "domain/command.h"
#include "scenarios/stage.h"

/* For a verb that changes something. `version` is that of the settings as they stand; items are
 * put into the arena. */
void core_command(const struct question *question, int64_t version, struct arena *arena,
                  struct command *command);
