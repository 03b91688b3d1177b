#include "store/sqlite/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static enum error cannot_make(const char *name, const char *path, struct failure *failure) {
    switch (errno) {
    case EACCES:
    case EPERM:
    case EROFS:
        return failure_set(failure, ERROR_PERMISSION,
                           "%s: this user may not write in its folder (cannot make %s: %s)", path,
                           name, strerror(errno));
    case ENOENT:
    case ENOTDIR:
        return failure_set(failure, ERROR_NOT_FOUND, "%s: its folder does not exist", path);
    case ENOSPC:
    case EDQUOT:
        return failure_set(failure, ERROR_FULL, "%s: cannot make %s: disk full", path, name);
    }
    return failure_set(failure, ERROR_UNAVAILABLE, "%s: cannot make %s: %s", path, name,
                       strerror(errno));
}

/* The process named in the lock file, 0 where it cannot be told. */
static long holder(int descriptor) {
    char text[24] = "";
    ssize_t length = pread(descriptor, text, sizeof text - 1, 0);
    return length > 0 ? strtol(text, NULL, 10) : 0;
}

static enum error held(int descriptor, const char *path, struct failure *failure) {
    long process = holder(descriptor);
    if (process > 0) {
        return failure_set(failure, ERROR_LOCKED,
                           "%s: in use by process %ld; stop it first, or talk to it", path,
                           process);
    }
    return failure_set(failure, ERROR_LOCKED, "%s: in use by another process", path);
}

enum error lock_take(struct lock *lock, const char *path, struct failure *failure) {
    lock->descriptor = -1;
    /* The same one for each name of the file; one that is not there yet has just this name. */
    char real[PATH_MAX];
    char name[PATH_MAX];
    const char *file = realpath(path, real) == NULL ? path : real;
    int length = snprintf(name, sizeof name, "%s.lock", file);
    if (length < 0 || (size_t)length >= sizeof name) {
        return failure_set(failure, ERROR_INVALID, "the path of the database is too long");
    }
    int descriptor = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0) {
        return cannot_make(name, path, failure);
    }
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        enum error error = errno == EWOULDBLOCK ? held(descriptor, path, failure)
                                                : cannot_make(name, path, failure);
        close(descriptor);
        return error;
    }
    /* For people only: a lock whose pid could not be written is still a lock. */
    char text[24];
    int written = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    bool named = ftruncate(descriptor, 0) == 0 && pwrite(descriptor, text, (size_t)written, 0) > 0;
    (void)named;
    lock->descriptor = descriptor;
    return ERROR_NONE;
}

void lock_release(struct lock *lock) {
    if (lock->descriptor >= 0) {
        close(lock->descriptor);
        lock->descriptor = -1;
    }
}
