#include "store/migrate.h"

#include <string.h>

#include "base/time_zone.h"
#include "store/postgres/migration.h"
#include "store/store.h"

static bool is_currency(const char *code) {
    return strlen(code) == 3 && strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

static enum error check(const struct migrate_options *options, struct failure *failure) {
    if (options->currency != NULL && !is_currency(options->currency)) {
        return failure_set(failure, ERROR_INVALID,
                           "\"%.20s\" is no currency: three capital letters, as in EUR",
                           options->currency);
    }
    if (options->time_zone != NULL && !time_zone_exists(text_of(options->time_zone))) {
        return failure_set(failure, ERROR_INVALID, "the time zone \"%.80s\" is not known here",
                           options->time_zone);
    }
    return ERROR_NONE;
}

/* A reader refuses every form but its own, with the sentence that says which one it found. */
static enum error look(const char *url, struct failure *failure) {
    struct store *store = NULL;
    struct store_options options = {.read_only = true, .no_create = true};
    enum error error = store_open(url, &options, &store, failure);
    store_close(store);
    return error;
}

/* What is opened to be written is brought to this form; a file that is of it already is opened,
 * too: who holds it is told. */
static enum error migrate_file(const char *url, bool dry_run, struct migrate_result *result,
                               struct failure *failure) {
    struct store *store = NULL;
    struct failure unsaid;
    *result = (struct migrate_result){.was_current = look(url, &unsaid) == ERROR_NONE};
    enum error error =
        dry_run ? look(url, failure) : store_open(url, &(struct store_options){0}, &store, failure);
    store_close(store);
    return error == ERROR_NONE ? look(url, failure) : error;
}

enum error store_migrate(const char *url, const struct migrate_options *options,
                         struct migrate_result *result, struct failure *failure) {
    enum error error = check(options, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    return strncmp(url, "postgres", strlen("postgres")) == 0
               ? postgres_migrate(url, options, result, failure)
               : migrate_file(url, options->dry_run, result, failure);
}
