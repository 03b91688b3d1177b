/* ticketd verify: do the log, the counts and the reservations say the same? */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "daemon/difference.h"
#include "daemon/settings.h"
#include "daemon/subcommands.h"
#include "store/store.h"
#include "store/verify.h"

static void say_difference(void *context, const struct verify_difference *difference) {
    (void)context;
    difference_print(stdout, difference);
}

static void say_progress(void *context, const struct verify_report *so_far) {
    (void)context;
    fprintf(stderr, "\r%" PRId64 " ticket types, %" PRId64 " audit entries ", so_far->types,
            so_far->entries);
}

static int run(const struct arguments *arguments) {
    struct failure failure;
    struct store *store = NULL;
    struct store_reader *reader = NULL;
    struct verify_report report = {0};
    bool on_terminal = isatty(STDERR_FILENO);
    struct verify_listener listener = {.on_difference = say_difference,
                                       .on_progress = on_terminal ? say_progress : NULL};
    struct store_options options = {.read_only = true, .no_create = true};
    enum error error =
        store_open(argument_text(arguments, &option_database), &options, &store, &failure);
    if (error == ERROR_NONE) {
        error = store_open_reader(store, &reader, &failure);
    }
    if (error == ERROR_NONE) {
        error = verify_run(reader, &listener, &report, &failure);
    }
    store_reader_close(reader);
    store_close(store);
    if (on_terminal) {
        fputs("\r\033[K", stderr);
    }
    if (error != ERROR_NONE) {
        return complain("%s", failure.sentence);
    }
    printf("%" PRId64 " ticket types, %" PRId64 " audit entries, %" PRId64 " reservations, %" PRId64
           " carts, %" PRId64 " shifts: %" PRId64 " differences\n",
           report.types, report.entries, report.reservations, report.carts, report.shifts,
           report.differences);
    return report.differences == 0 ? EXIT_CODE_OK : EXIT_CODE_FAILURE;
}

static const struct option *const options[] = {&option_database, NULL};

const struct subcommand subcommand_verify = {
    .name = "verify",
    .sentence = "Replay the audit log against every count and reservation; exit 1 if any differs.",
    .manual = "Checks that the entries of each ticket type have no gap, that each starts where the "
              "last one ended and carries the right hash, that where they end is what the counts "
              "and the reservations say, that every reservation and cart is what its entries "
              "made of it, and that every shift has counted what its entries add up to. Reads "
              "beside a running server.",
    .options = options,
    .run = run,
};
