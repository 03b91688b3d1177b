/* failure.h - what can go wrong in the world (never what the business refuses).
 *
 * Functions that can fail return `enum error` and, where they take one, fill a
 * `struct failure` with a sentence for the person who must mend it. */
#pragma once

#include <stddef.h>

#define MUST_USE __attribute__((warn_unused_result))

enum error {
    ERROR_NONE = 0,
    ERROR_MEMORY,      /* an arena's budget is spent */
    ERROR_INVALID,     /* an argument or a setting that cannot work */
    ERROR_NOT_FOUND,   /* no such file, row, or cursor */
    ERROR_UNAVAILABLE, /* the store cannot be reached or written now; nothing was done */
    ERROR_FULL,        /* disk full; nothing was done */
    ERROR_LOCKED,      /* another process holds the file */
    ERROR_RETRY,       /* the world changed under the batch: load again */
    ERROR_TWIN,        /* a unique key was taken meanwhile: load again, it is visible now */
    ERROR_REJECTED,    /* the database refuses a row: the batch holds poison */
    ERROR_UNKNOWN,     /* the fate of a COMMIT is not known */
    ERROR_CORRUPT,     /* not a database, or one that is damaged */
    ERROR_NEWER,       /* a database of a newer ticketd */
    ERROR_PERMISSION,  /* the operating system or the database forbids it */
};

struct failure {
    enum error error;
    char sentence[256];
};

/* Fills `failure` (which may be NULL) and returns `error`. */
enum error failure_set(struct failure *failure, enum error error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "disk full", "locked by another process", … : never NULL. */
const char *error_name(enum error error);
