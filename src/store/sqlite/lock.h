/* lock.h - one writing process for each file.
 *
 * A flock on FILE.lock, with the process id inside for people to read. Nothing
 * but SQLite ever opens FILE itself: closing another descriptor of it would drop
 * SQLite's own locks. The kernel lets go of a flock when its process ends,
 * however it ends. */
#pragma once

#include "base/failure.h"

struct lock {
    int descriptor; /* -1: not held */
};

/* ERROR_LOCKED names the process that holds it, ERROR_PERMISSION the folder that may not be
 * written, ERROR_NOT_FOUND the one that is not there. */
MUST_USE enum error lock_take(struct lock *lock, const char *path, struct failure *failure);

/* Accepts one that is not held. The lock file stays: removing it could take it from the next. */
void lock_release(struct lock *lock);
