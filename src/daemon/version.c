#include <stdio.h>

#include "daemon/subcommands.h"

static int run(const struct arguments *arguments) {
    (void)arguments;
    puts("ticketd " TICKETD_VERSION);
    return EXIT_CODE_OK;
}

static const struct option *const options[] = {NULL};

const struct subcommand subcommand_version = {
    .name = "version",
    .sentence = "Print the version.",
    .options = options,
    .run = run,
};
