#include "unsynced.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"

struct pending {
    int64_t offset;
    size_t count;
    size_t count_before; /* bytes that were there before; less at the end of the file */
    uint8_t *bytes, *before;
    bool is_doomed; /* a sync of it failed */
    struct pending *next;
};

struct unsynced {
    char path[PATH_MAX];
    struct pending *first, **last;
    struct unsynced *next;
};

static struct unsynced *files;

struct unsynced *unsynced_of(const char *path) {
    for (struct unsynced *each = files; each != NULL; each = each->next) {
        if (strcmp(each->path, path) == 0) {
            return each;
        }
    }
    struct unsynced *made = calloc(1, sizeof *made);
    ensure(made != NULL);
    snprintf(made->path, sizeof made->path, "%s", path);
    made->last = &made->first;
    made->next = files;
    return files = made;
}

static void drop(struct pending *pending) {
    free(pending->bytes);
    free(pending->before);
    free(pending);
}

/* Keeps what `wanted` says yes to. */
static void filter(struct unsynced *file,
                   bool (*wanted)(const struct pending *pending, const void *context),
                   const void *context) {
    struct pending **at = &file->first;
    while (*at != NULL) {
        struct pending *each = *at;
        if (wanted(each, context)) {
            at = &each->next;
        } else {
            *at = each->next;
            drop(each);
        }
    }
    file->last = at;
}

static bool never(const struct pending *pending, const void *context) {
    (void)pending;
    (void)context;
    return false;
}

void unsynced_forget_all(void) {
    while (files != NULL) {
        struct unsynced *next = files->next;
        filter(files, never, NULL);
        free(files);
        files = next;
    }
}

static uint8_t *copied(const void *bytes, size_t count) {
    uint8_t *copy = malloc(count + 1);
    ensure(copy != NULL);
    memcpy(copy, bytes, count);
    return copy;
}

void unsynced_write(struct unsynced *file, int64_t offset, const void *bytes, int count) {
    struct pending *pending = calloc(1, sizeof *pending);
    ensure(pending != NULL);
    pending->offset = offset;
    pending->count = (size_t)count;
    pending->bytes = copied(bytes, (size_t)count);
    pending->before = calloc(1, (size_t)count + 1);
    int descriptor = open(file->path, O_RDONLY);
    if (descriptor >= 0) {
        ssize_t there = pread(descriptor, pending->before, (size_t)count, offset);
        pending->count_before = there > 0 ? (size_t)there : 0;
        close(descriptor);
    }
    *file->last = pending;
    file->last = &pending->next;
}

static bool is_doomed(const struct pending *pending, const void *context) {
    (void)context;
    return pending->is_doomed;
}

/* SQLite writes frames and pages at fixed places: a later write covers an earlier one or not. */
static bool is_not_covered(const struct pending *pending, const void *context) {
    const struct pending *by = context;
    return !pending->is_doomed || by->offset > pending->offset ||
           by->offset + (int64_t)by->count < pending->offset + (int64_t)pending->count;
}

void unsynced_sync(struct unsynced *file, bool success) {
    for (struct pending *each = file->first; each != NULL; each = each->next) {
        each->is_doomed |= !success;
    }
    if (!success) {
        return;
    }
    /* Later writes that are safe now cover doomed ones before them. */
    for (struct pending *each = file->first; each != NULL;) {
        if (each->is_doomed) {
            each = each->next;
            continue;
        }
        struct pending safe = *each;
        filter(file, is_not_covered, &safe);
        each = safe.next;
    }
    filter(file, is_doomed, NULL);
}

static bool is_below(const struct pending *pending, const void *context) {
    return pending->offset + (int64_t)pending->count <= *(const int64_t *)context;
}

void unsynced_truncate(struct unsynced *file, int64_t size) {
    filter(file, is_below, &size);
}

void unsynced_inherit(struct unsynced *file, const struct unsynced *from) {
    filter(file, never, NULL);
    for (const struct pending *each = from->first; each != NULL; each = each->next) {
        struct pending *pending = calloc(1, sizeof *pending);
        ensure(pending != NULL);
        *pending = *each;
        pending->bytes = copied(each->bytes, each->count);
        pending->before = copied(each->before, each->count);
        pending->next = NULL;
        *file->last = pending;
        file->last = &pending->next;
    }
}

/* --- the power cut --- */

static void copy_whole(const char *from, const char *to) {
    static uint8_t bytes[1 << 20];
    int in = open(from, O_RDONLY);
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ensure(out >= 0);
    for (ssize_t count; in >= 0 && (count = read(in, bytes, sizeof bytes)) > 0;) {
        ensure(write(out, bytes, (size_t)count) == count);
    }
    if (in >= 0) {
        close(in);
    }
    close(out);
}

static uint64_t next_random(uint64_t *state) {
    uint64_t mixed = (*state += UINT64_C(0x9e3779b97f4a7c15));
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

/* Newest first: each gives back what it replaced. */
static void take_back(int out, const struct pending *pending) {
    if (pending == NULL) {
        return;
    }
    take_back(out, pending->next);
    if (pending->count_before > 0) {
        ensure(pwrite(out, pending->before, pending->count_before, pending->offset) ==
               (ssize_t)pending->count_before);
    }
    struct stat now;
    int64_t end = pending->offset + (int64_t)pending->count;
    if (pending->count_before < pending->count && fstat(out, &now) == 0 && now.st_size <= end) {
        ensure(ftruncate(out, pending->offset + (off_t)pending->count_before) == 0);
    }
}

void unsynced_cut(const struct unsynced *file, const char *to, enum cut cut, uint64_t seed) {
    copy_whole(file->path, to);
    if (cut == CUT_KEEPS_ALL) {
        return;
    }
    int out = open(to, O_RDWR);
    ensure(out >= 0);
    take_back(out, file->first);
    for (const struct pending *each = file->first; cut == CUT_KEEPS_SOME && each != NULL;
         each = each->next) {
        if (next_random(&seed) % 2 == 0) {
            ensure(pwrite(out, each->bytes, each->count, each->offset) == (ssize_t)each->count);
        }
    }
    close(out);
}
