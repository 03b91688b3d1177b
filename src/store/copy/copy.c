#include "store/copy/copy.h"

#include <stdlib.h>
#include <string.h>

#include "store/copy/match.h"
#include "store/postgres/copy/target.h"
#include "store/sqlite/source.h"

enum { ROWS_BETWEEN_LOOKS = 1024 }; /* a millisecond or so: as often progress is told */

struct copying {
    const struct copy_listener *listener;
    struct copy_report *report;
    struct failure *failure;
    struct store *store; /* the file: its lock */
    struct copy_source *source;
    struct copy_target *target;
    struct copy_tables tables; /* of the source, to be copied */
    struct copy_tables there;  /* of the target */
    struct copy_progress progress;
};

static void tell(const struct copying *copying) {
    copying->listener->on_progress(copying->listener->context, &copying->progress);
}

static enum error open_source(struct copying *copying, const char *from) {
    struct store_options options = {.no_create = true};
    enum error error = store_open(from, &options, &copying->store, copying->failure);
    if (error == ERROR_LOCKED) {
        struct failure held = *copying->failure;
        return failure_set(copying->failure, error,
                           "%.150s. What is sold while it is copied would be lost: no server may "
                           "have it meanwhile",
                           held.sentence);
    }
    return error == ERROR_NONE
               ? copy_source_open(copying->store, &copying->source, copying->failure)
               : error;
}

/* --- verify ------------------------------------------------------------------- */

static void hear_difference(void *context, const struct verify_difference *difference) {
    const struct copying *copying = context;
    copying->listener->on_difference(copying->listener->context, copying->progress.stage,
                                     difference);
}

static void hear_progress(void *context, const struct verify_report *so_far) {
    struct copying *copying = context;
    copying->progress.entries = so_far->entries;
    tell(copying);
}

static enum error verify(struct copying *copying, struct store_reader *reader,
                         struct verify_report *report, const char *side) {
    struct verify_listener listener = {hear_difference, hear_progress, copying};
    copying->progress.entries = 0;
    tell(copying);
    enum error error = verify_run(reader, &listener, report, copying->failure);
    if (error == ERROR_NONE && report->differences > 0) {
        error = failure_set(copying->failure, ERROR_CORRUPT,
                            "%s is not right (%lld differences): nothing was copied", side,
                            (long long)report->differences);
    }
    return error;
}

static enum error verify_source(struct copying *copying) {
    struct store_reader *reader = NULL;
    copying->progress.stage = COPY_VERIFIES_SOURCE;
    enum error error = store_open_reader(copying->store, &reader, copying->failure);
    if (error == ERROR_NONE) {
        error = verify(copying, reader, &copying->report->source, "the source");
    }
    store_reader_close(reader);
    return error;
}

static enum error verify_target(struct copying *copying) {
    struct store_reader *reader;
    copying->progress.stage = COPY_VERIFIES_TARGET;
    enum error error = copy_target_open_reader(copying->target, &reader, copying->failure);
    if (error == ERROR_NONE) {
        error = verify(copying, reader, &copying->report->target, "what the target holds");
        copy_target_close_reader(copying->target);
    }
    return error;
}

/* --- rows --------------------------------------------------------------------- */

static enum error carry_rows(struct copying *copying) {
    struct cell cells[COPY_COLUMNS_MAX];
    bool there = true;
    enum error error = ERROR_NONE;
    while (error == ERROR_NONE && there) {
        error = copy_source_next(copying->source, cells, &there, copying->failure);
        if (error == ERROR_NONE && there) {
            error = copy_target_row(copying->target, cells, copying->failure);
            copying->progress.rows++;
            if (copying->progress.rows % ROWS_BETWEEN_LOOKS == 0) {
                tell(copying);
            }
        }
    }
    return error;
}

static enum error carry_table(struct copying *copying, const struct copy_table *table) {
    copying->progress.table = table->name;
    enum error error = copy_source_select(copying->source, table, copying->failure);
    if (error == ERROR_NONE) {
        error = copy_target_fill(copying->target, table, copying->failure);
    }
    if (error == ERROR_NONE) {
        error = carry_rows(copying);
    }
    if (error == ERROR_NONE) {
        error = copy_target_filled(copying->target, copying->failure);
    }
    if (error == ERROR_NONE) {
        tell(copying);
    }
    return error;
}

static enum error carry(struct copying *copying) {
    const struct copy_tables *tables = &copying->tables;
    enum error error = ERROR_NONE;
    copying->progress.stage = COPY_FILLS;
    for (size_t i = 0; i < tables->count; i++) {
        copying->progress.rows_all += tables->list[i].rows;
    }
    for (size_t i = 0; error == ERROR_NONE && i < tables->count; i++) {
        error = carry_table(copying, &tables->list[i]);
    }
    copying->report->tables = tables->count;
    copying->report->rows = copying->progress.rows;
    return error;
}

/* --- the order ---------------------------------------------------------------- */

/* Everything that can be found wrong without copying. */
static enum error prepare(struct copying *copying, const char *from, const char *to) {
    enum error error = open_source(copying, from);
    if (error == ERROR_NONE) {
        error = copy_target_open(to, &copying->target, copying->failure);
    }
    if (error == ERROR_NONE) {
        error = copy_source_tables(copying->source, &copying->tables, copying->failure);
    }
    if (error == ERROR_NONE) {
        error = copy_target_tables(copying->target, &copying->there, copying->failure);
    }
    return error == ERROR_NONE ? copy_match(&copying->tables, &copying->there, copying->failure)
                               : error;
}

/*     prepare -> begin -> verify the source -> carry -> verify the target -> keep
 *
 * The target is empty and locked before the long work begins, and what nobody has verified is never
 * seen by anybody. */
static enum error copy(struct copying *copying, const char *from, const char *to) {
    enum error error = prepare(copying, from, to);
    if (error == ERROR_NONE) {
        error = copy_target_begin(copying->target, copying->failure);
    }
    if (error == ERROR_NONE) {
        error = verify_source(copying);
    }
    if (error == ERROR_NONE) {
        error = carry(copying);
    }
    if (error == ERROR_NONE) {
        error = verify_target(copying);
    }
    if (error == ERROR_NONE) {
        copying->progress.stage = COPY_KEEPS;
        tell(copying);
        error = copy_target_keep(copying->target, &copying->report->analyzed, copying->failure);
    }
    return error;
}

static bool begins(const char *url, const char *with) {
    return strncmp(url, with, strlen(with)) == 0;
}

enum error store_copy(const char *from, const char *to, const struct copy_listener *listener,
                      struct copy_report *report, struct failure *failure) {
    *report = (struct copy_report){.tables = 0};
    if (!begins(from, "sqlite:") || !begins(to, "postgres")) {
        return failure_set(failure, ERROR_INVALID,
                           "a copy goes from sqlite:FILE to postgres://…, and no other way");
    }
    struct failure unsaid;
    struct copying *copying = calloc(1, sizeof *copying);
    if (copying == NULL) {
        return failure_set(failure, ERROR_MEMORY, "no memory for a copy");
    }
    copying->listener = listener;
    copying->report = report;
    copying->failure = failure == NULL ? &unsaid : failure;
    enum error error = copy(copying, from, to);
    copy_target_close(copying->target);
    copy_source_close(copying->source);
    store_close(copying->store);
    free(copying);
    return error;
}
