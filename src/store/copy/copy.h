/* copy.h - carries a whole database over to another one: all of it, or nothing.
 *
 * From an SQLite file to an empty PostgreSQL database of this version's form. The file's lock is
 * held from the first look to the end, so that nothing is sold in between; ids, log and hashes stay
 * as they are, and so do the answers that retries get. Both sides are verified, the source before
 * its rows are read and the target before they are kept. */
#pragma once

#include "store/verify.h"

enum copy_stage {
    COPY_VERIFIES_SOURCE,
    COPY_FILLS,
    COPY_VERIFIES_TARGET,
    COPY_KEEPS, /* the target plans its queries and commits */
};

struct copy_progress {
    enum copy_stage stage;
    const char *table;      /* while it fills: the one that is under way */
    int64_t rows, rows_all; /* in all tables */
    int64_t entries;        /* of the log, while it verifies */
};

struct copy_listener {
    void (*on_progress)(void *context, const struct copy_progress *progress);
    void (*on_difference)(void *context, enum copy_stage stage,
                          const struct verify_difference *difference);
    void *context;
};

struct copy_report {
    size_t tables;
    int64_t rows;
    struct verify_report source, target;
    bool analyzed; /* else the owner should: only the owner may */
};

/* `from` is sqlite:FILE, `to` postgres://…. ERROR_CORRUPT: a side is not right (on_difference said
 * where), and nothing was done. ERROR_UNKNOWN: it may have been done. Any other: nothing was done.
 */
MUST_USE enum error store_copy(const char *from, const char *to,
                               const struct copy_listener *listener, struct copy_report *report,
                               struct failure *failure);
