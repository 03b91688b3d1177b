/* ticketd migrate: brings a database to the form that this version reads. */
#include <stdio.h>
#include <string.h>

#include "daemon/settings.h"
#include "daemon/subcommands.h"
#include "store/migrate.h"

static const struct option option_dry_run = {
    .name = "dry-run",
    .sentence = "Change nothing; print what would be done and why, and exit 1 if that is anything.",
};

static const struct option option_accept_differences = {
    .name = "accept-differences",
    .sentence = "Adopt ticket types whose counts are not what their reservations add up to: "
                "reserved is set by an entry of the log, sold stays as it is.",
};

static const struct option option_of_events_currency = {
    .name = "currency",
    .value = "CODE",
    .sentence = "The currency (ISO 4217) of events that are there without one.",
    .initial = "EUR",
    .setting = true,
};

static const struct option option_of_events_time_zone = {
    .name = "time-zone",
    .value = "NAME",
    .sentence = "The time zone (IANA) of events that are there without one.",
    .initial = "UTC",
    .setting = true,
};

/* An address may hold a password: it is not repeated. */
static const char *shown(const char *database) {
    return strncmp(database, "postgres", strlen("postgres")) == 0 ? "the database" : database;
}

static int run(const struct arguments *arguments) {
    const char *database = argument_text(arguments, &option_database);
    struct migrate_options options = {
        .dry_run = argument_is_given(arguments, &option_dry_run),
        .accept_differences = argument_is_given(arguments, &option_accept_differences),
        .currency = argument_text(arguments, &option_of_events_currency),
        .time_zone = argument_text(arguments, &option_of_events_time_zone),
        .out = stdout,
    };
    struct migrate_result result;
    struct failure failure;
    if (store_migrate(database, &options, &result, &failure) != ERROR_NONE) {
        return complain("%s", failure.sentence);
    }
    if (result.blocked) {
        return complain(
            "nothing was done: mend what stands in the way, or accept what only differs "
            "(--accept-differences), and migrate again");
    }
    if (!result.was_current && options.dry_run) {
        return EXIT_CODE_FAILURE;
    }
    printf("%s is up to date\n", shown(database));
    return EXIT_CODE_OK;
}

static const struct option *const options[] = {&option_database,
                                               &option_dry_run,
                                               &option_accept_differences,
                                               &option_of_events_currency,
                                               &option_of_events_time_zone,
                                               NULL};

const struct subcommand subcommand_migrate = {
    .name = "migrate",
    .sentence = "Bring a database to the form that this version reads, make a new one, or adopt "
                "the tables of a shop.",
    .manual =
        "Refuses a file that a running server holds, and names its process. `ticketd serve` does "
        "the same with a file when it starts; with a PostgreSQL database it never changes the "
        "schema: run this first, as the owner of the tables, then serve as the role ticketd_app "
        "(share/ticketd/postgres/roles.sql makes the roles).\n"
        "Where a shop's application has made the tables events, ticket_types, "
        "ticket_reservations and inventory_audit_log, they are adopted: missing columns and tables "
        "are added, nothing is renamed or lost, and from then on only ticketd writes counts. "
        "--dry-run prints each step with its reason and its SQL, beside a shop that goes on "
        "selling. Then stop what sells, take a backup, and migrate. Everything is one transaction: "
        "whatever goes wrong, nothing was done.\n"
        "Counts that differ from what the reservations add up to stop it with a list; read it, "
        "then say --accept-differences. Rows that no rule allows (a quantity below 1, an unknown "
        "status, more sold than there is) are listed, and must be mended by hand.\n"
        "Running it again does nothing, but where roles of ticketd's have come since, or somebody "
        "was given a right to write counts, it puts the rights in order.",
    .options = options,
    .run = run,
};
