/* state.h - what PostgreSQL's five letters mean to us: the only place that decides it.
 *
 * Never names of constraints, never texts: engines that speak PostgreSQL's language keep the
 * letters only. */
#pragma once

#include <stdbool.h>

#include "base/failure.h"

/* `state` NULL: the connection is gone. For statements before COMMIT: nothing was done. */
enum error state_error(const char *state);

/* For COMMIT itself: ERROR_UNKNOWN but for what tells that it was refused. */
enum error state_error_of_commit(const char *state);

/* The connection that says so will not do any more, or should not: the server ends, or is one that
 * must not be written to, or is not the one that statements were prepared on. */
bool state_ends_connection(const char *state);

/* A lock was not granted in time. */
bool state_is_blocked(const char *state);
