#include "store/sqlite/result.h"

#include "base/check.h"

/* COMMIT writes the frames to the WAL, the commit frame last, syncs, and updates the index of the
 * WAL. A write that fails leaves no whole commit frame. Whatever fails after it (a sync above all)
 * leaves frames that a crash may bring to life: nobody knows until the store is settled. */
static bool commit_was_not_written(int result) {
    int primary = result & 0xff;
    return result == SQLITE_IOERR_WRITE || primary == SQLITE_FULL || primary == SQLITE_BUSY ||
           primary == SQLITE_CONSTRAINT || primary == SQLITE_READONLY;
}

enum error result_error(int result, bool committing) {
    switch (result) {
    case SQLITE_OK:
        return ERROR_NONE;
    case RESULT_ARENA_SPENT:
        return ERROR_MEMORY;
    case RESULT_WORLD_CHANGED:
        return ERROR_RETRY;
    case RESULT_TWIN:
        return ERROR_TWIN;
    case RESULT_NOT_FOUND:
        return ERROR_NOT_FOUND;
    }
    if (committing && !commit_was_not_written(result)) {
        return ERROR_UNKNOWN;
    }
    int primary = result & 0xff;
    require(primary != SQLITE_MISUSE); /* a bug of ours, whatever the disk does */
    switch (primary) {
    case SQLITE_FULL:
        return ERROR_FULL;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
        return ERROR_REJECTED;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_SCHEMA:
    case SQLITE_ERROR: /* a table or column is missing: the statements themselves are tested */
        return ERROR_CORRUPT;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return ERROR_PERMISSION;
    }
    return ERROR_UNAVAILABLE; /* IOERR, BUSY, NOMEM, CANTOPEN, INTERRUPT, PROTOCOL, … */
}
