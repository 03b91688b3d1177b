/* migration.h - is the file of our form, and if it is of an older one, how does it become so?
 *
 * Migrations go forward only. Each one is remembered with a checksum of its
 * text: one that was edited after its release is an error, not a surprise. */
#pragma once

#include "base/instant.h"
#include "store/sqlite/connection.h"

/* Is it empty (0), or ours and no newer than we are? Changes nothing. */
MUST_USE enum error migration_look(struct connection *connection, int *version,
                                   struct failure *failure);

/* Brings what migration_look() accepted to the newest version. */
MUST_USE enum error migration_run(struct connection *connection, int version, struct clock clock,
                                  struct failure *failure);

/* Changes nothing: ERROR_NONE only for a file of exactly our version. */
MUST_USE enum error migration_check(struct connection *connection, struct failure *failure);
