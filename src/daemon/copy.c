/* ticketd copy: from a file to a database of a server, when one machine is not enough any more. */
#include "store/copy/copy.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/difference.h"
#include "daemon/settings.h"
#include "daemon/subcommands.h"
#include "store/store.h"

enum {
    BAR_WIDTH = 30,
    DRAWS_US = 100 * 1000,      /* on a terminal */
    LINES_US = 5 * 1000 * 1000, /* in a log */
};

static const struct option option_from = {
    .name = "from",
    .value = "sqlite:FILE",
    .sentence = "The database to be copied; no server may have it open.",
    .setting = true,
    .required = true,
};

static const struct option option_to = {
    .name = "to",
    .value = "postgres://HOST/NAME",
    .sentence = "An empty database that `ticketd migrate` has made ready.",
    .setting = true,
    .required = true,
};

/* What is told while it goes on: a bar that is drawn over, or now and then a line. */
struct telling {
    bool on_terminal;
    int64_t began_us; /* the stage */
    int64_t told_us;
    enum copy_stage stage;
};

static const char *stage_name(enum copy_stage stage) {
    switch (stage) {
    case COPY_VERIFIES_SOURCE:
        return "verifying the source";
    case COPY_FILLS:
        return "copying";
    case COPY_VERIFIES_TARGET:
        return "verifying the target";
    case COPY_KEEPS:
        return "committing";
    }
    return "";
}

static void draw_bar(const struct copy_progress *progress) {
    char bar[BAR_WIDTH + 1];
    int64_t full =
        progress->rows_all == 0 ? BAR_WIDTH : progress->rows * BAR_WIDTH / progress->rows_all;
    for (int i = 0; i < BAR_WIDTH; i++) {
        bar[i] = i < full ? '#' : '.';
    }
    bar[BAR_WIDTH] = '\0';
    fprintf(stderr, "[%s] ", bar);
}

static void tell(void *context, const struct copy_progress *progress) {
    struct telling *telling = context;
    int64_t now_us = monotonic_us();
    bool is_new = telling->began_us == 0 || telling->stage != progress->stage;
    bool is_done = progress->stage == COPY_FILLS && progress->rows == progress->rows_all;
    if (is_new) {
        telling->began_us = now_us;
        telling->stage = progress->stage;
    }
    if (!is_new && !is_done &&
        now_us - telling->told_us < (telling->on_terminal ? DRAWS_US : LINES_US)) {
        return;
    }
    telling->told_us = now_us;
    fputs(telling->on_terminal ? "\r\033[K" : "", stderr);
    if (progress->stage == COPY_FILLS) {
        int64_t took_us = now_us - telling->began_us + 1;
        if (telling->on_terminal) {
            draw_bar(progress);
        }
        fprintf(stderr, "%" PRId64 " of %" PRId64 " rows, %.0f/s, %s", progress->rows,
                progress->rows_all, (double)progress->rows * 1e6 / (double)took_us,
                progress->table);
    } else {
        fprintf(stderr, "%s", stage_name(progress->stage));
        if (progress->entries > 0) {
            fprintf(stderr, ": %" PRId64 " audit entries", progress->entries);
        }
    }
    fputs(telling->on_terminal ? "" : "\n", stderr);
}

static void say_difference(void *context, enum copy_stage stage,
                           const struct verify_difference *difference) {
    const struct telling *telling = context;
    fputs(telling->on_terminal ? "\r\033[K" : "", stderr);
    printf("%s: ", stage == COPY_VERIFIES_SOURCE ? "source" : "target");
    difference_print(stdout, difference);
}

static void say_what_is_next(const char *from, const char *to, const struct copy_report *report) {
    char shown[STORE_URL_SHOWN_SIZE];
    store_url_shown(to, shown);
    printf("Both sides verified: %" PRId64 " ticket types, %" PRId64 " audit entries, %" PRId64
           " reservations, %" PRId64 " carts, %" PRId64 " shifts: 0 differences.\n",
           report->target.types, report->target.entries, report->target.reservations,
           report->target.carts, report->target.shifts);
    if (!report->analyzed) {
        printf("This role may not analyze the tables; let their owner run ANALYZE.\n");
    }
    printf("From now on serve --database %s, and never again %s, which goes on as if nothing had "
           "happened: put it away.\n",
           shown, from);
}

static int run(const struct arguments *arguments) {
    const char *from = argument_text(arguments, &option_from);
    const char *to = argument_text(arguments, &option_to);
    struct telling telling = {.on_terminal = isatty(STDERR_FILENO) == 1};
    struct copy_listener listener = {tell, say_difference, &telling};
    struct copy_report report;
    struct failure failure;
    int64_t began_us = monotonic_us();
    enum error error = store_copy(from, to, &listener, &report, &failure);
    fputs(telling.on_terminal ? "\r\033[K" : "", stderr);
    if (error != ERROR_NONE) {
        return complain("%s", failure.sentence);
    }
    printf("%" PRId64 " rows in %zu tables copied in %.1f s.\n", report.rows, report.tables,
           (double)(monotonic_us() - began_us) / 1e6);
    say_what_is_next(from, to, &report);
    return EXIT_CODE_OK;
}

static const struct option *const options[] = {&option_from, &option_to, NULL};

const struct subcommand subcommand_copy = {
    .name = "copy",
    .sentence = "Carry a database over from a file to PostgreSQL, all of it or nothing.",
    .manual =
        "Stop the server of the file first: copy takes the file's lock, so that nothing is sold "
        "meanwhile. The target is a PostgreSQL database without rows, made ready by `ticketd "
        "migrate`; copy as the owner of its tables, who alone may analyze them.\n"
        "Both sides are verified, the source before and the target after, and every row is read "
        "back; then all of it is committed at once. Whatever goes wrong before, however copy "
        "ends, the target stays empty, and nothing is changed in the file. Ids, the audit log with "
        "its hashes, API keys and the stored answers to Idempotency-Keys stay what they are: "
        "clients notice nothing but the pause.",
    .options = options,
    .run = run,
};
