/* ticketd migrate: brings a database to the form that this version reads. */
#include <stdio.h>

#include "daemon/settings.h"
#include "daemon/subcommands.h"
#include "store/store.h"

static const struct option option_dry_run = {
    .name = "dry-run",
    .sentence = "Change nothing; only say whether there is something to do, and exit 1 then.",
};

/* A reader refuses every form but its own, with the sentence that says which one it found. */
static int look(const char *database) {
    struct failure failure;
    struct store *store = NULL;
    struct store_options options = {.read_only = true, .no_create = true};
    if (store_open(database, &options, &store, &failure) != ERROR_NONE) {
        return complain("%s", failure.sentence);
    }
    store_close(store);
    printf("%s is up to date\n", database);
    return EXIT_CODE_OK;
}

static int run(const struct arguments *arguments) {
    const char *database = argument_text(arguments, &option_database);
    struct failure failure;
    struct store *store = NULL;
    if (argument_is_given(arguments, &option_dry_run)) {
        return look(database);
    }
    if (store_open(database, &(struct store_options){0}, &store, &failure) != ERROR_NONE) {
        return complain("%s", failure.sentence);
    }
    store_close(store);
    return look(database);
}

static const struct option *const options[] = {&option_database, &option_dry_run, NULL};

const struct subcommand subcommand_migrate = {
    .name = "migrate",
    .sentence = "Bring a database to the form that this version reads, or make a new one.",
    .manual = "Refuses a database that a running server holds, and names its process. `ticketd "
              "serve` does the same when it starts.",
    .options = options,
    .run = run,
};
