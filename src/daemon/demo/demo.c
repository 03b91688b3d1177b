/* ticketd demo: a server with something in it, to look at and to try. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "daemon/demo/history.h"
#include "daemon/demo/live.h"
#include "daemon/serve.h"
#include "daemon/settings.h"
#include "daemon/subcommands.h"
#include "store/store.h"

enum { PATH_SIZE = 80 };

static const struct option option_demo_database = {
    .name = "database",
    .value = "sqlite:FILE|postgres://HOST/NAME",
    .sentence = "A database without events, or of an earlier demonstration; it is kept. Where not "
                "given, a file in a temporary folder, which is removed in the end.",
    .setting = true,
};

static const struct option option_live = {
    .name = "live",
    .sentence = "Shoppers keep coming while it runs, a gentle trickle, so that counts move.",
};

struct tour {
    const char *database;
    bool is_live;
    struct demo_live *live;
    struct demo_history history;
};

static void print_people(const struct demo_person *people) {
    for (size_t i = 0; i < DEMO_PEOPLE; i++) {
        struct text role = role_name(people[i].role);
        printf("    %-20s %-25s %s, %.*s\n", people[i].email, people[i].password, people[i].name,
               (int)role.length, role.bytes);
    }
}

static void print_commands(const struct tour *tour, const char *address, const char *database) {
    char event_id[UUID_TEXT_SIZE], type_id[UUID_TEXT_SIZE];
    uuid_format(tour->history.event_id, event_id);
    uuid_format(tour->history.ticket_type_id, type_id);
    printf("From another terminal:\n\n"
           "  export TICKETD=http://%s\n"
           "  export KEY=%s\n\n"
           "  # what there is, and how much of it\n"
           "  curl -s $TICKETD/v1/events\n"
           "  curl -s -H \"Authorization: Bearer $KEY\" $TICKETD/v1/events/%s/inventory\n\n"
           "  # why is this number what it is?\n"
           "  curl -s -H \"Authorization: Bearer $KEY\" \\\n"
           "    \"$TICKETD/v1/audit-log?ticket_type_id=%s&limit=5\"\n\n"
           "  # the log against every count; and a rush of two thousand buyers\n"
           "  %s verify --database %s\n"
           "  TICKETD_SERVER=$TICKETD TICKETD_KEY=$KEY %s rehearse\n\n",
           address, tour->history.admin_key, event_id, type_id, program_invocation_name, database,
           program_invocation_name);
}

/* Where to go and as whom comes last: it is what is still in sight. */
static void print_tour(const struct tour *tour, const char *address) {
    char shown[STORE_URL_SHOWN_SIZE];
    const char *database = store_url_shown(tour->database, shown);
    const struct demo_person *people = tour->history.people;
    printf("ticketd serves six events with five weeks of history.\n\n");
    print_commands(tour, address, database);
    printf("Open  http://%s/admin/  and sign in as\n\n", address);
    print_people(people);
    if (tour->history.is_kept) {
        printf("\nwith the passwords that were printed when this database was made. A new one:\n\n"
               "    %s staff password %s --database %s\n",
               program_invocation_name, people[0].email, database);
    }
    printf("\nCtrl-C ends it.\n");
    fflush(stdout);
}

static void begin(void *context, const char *address) {
    struct tour *tour = context;
    print_tour(tour, address);
    tour->live = tour->is_live ? demo_live_open(&tour->history, address) : NULL;
}

static bool make_folder(char folder[PATH_SIZE], char database[PATH_SIZE]) {
    snprintf(folder, PATH_SIZE, "/tmp/ticketd-demo-XXXXXX");
    if (mkdtemp(folder) == NULL) {
        return false;
    }
    snprintf(database, PATH_SIZE, "sqlite:%s/demo.db", folder);
    return true;
}

static void remove_folder(const char *folder) {
    static const char *const endings[] = {"", "-wal", "-shm", ".lock", ".sock"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char path[PATH_SIZE + 16];
        snprintf(path, sizeof path, "%s/demo.db%s", folder, endings[i]);
        unlink(path);
    }
    rmdir(folder);
}

/* Before any history is made: its passwords are printed once, and that is when it listens. */
static bool may_listen(const struct arguments *arguments) {
    struct failure failure;
    enum error error = service_try_address(argument_text(arguments, &option_listen), &failure);
    if (error == ERROR_LOCKED) {
        complain("%s. Stop what listens there, or take another address: --listen 127.0.0.1:8081, "
                 "or make run DEMO='--live --listen 127.0.0.1:8081'.",
                 failure.sentence);
    } else if (error != ERROR_NONE) {
        complain("%s", failure.sentence);
    }
    return error == ERROR_NONE;
}

static int run(const struct arguments *arguments) {
    struct failure failure;
    struct tour tour = {.is_live = argument_is_given(arguments, &option_live)};
    char folder[PATH_SIZE] = "", made[PATH_SIZE];
    const char *database = argument_text(arguments, &option_demo_database);
    log_set_level(LOG_WARNING);
    if (!may_listen(arguments)) {
        return EXIT_CODE_FAILURE;
    }
    if (database == NULL) {
        if (!make_folder(folder, made)) {
            return complain("A folder in /tmp cannot be made; give --database sqlite:FILE.");
        }
        database = made;
    }
    fputs("Making five weeks of history, unless they are there ...\n", stderr);
    int code = EXIT_CODE_FAILURE;
    if (demo_history_make(database, &tour.history, &failure) == ERROR_NONE) {
        log_set_level(LOG_INFO);
        tour.database = database;
        struct settings_in_effect settings;
        struct service_options options = service_options_from(arguments, database, &settings);
        code = serve_until_stopped(&options, begin, &tour);
        demo_live_close(tour.live);
    } else {
        complain("%s", failure.sentence);
    }
    if (folder[0] != '\0') {
        remove_folder(folder);
    }
    return code;
}

static const struct option *const options[] = {&option_demo_database,
                                               &option_live,
                                               &option_listen,
                                               &option_public,
                                               &option_public_url,
                                               &option_trusted_proxy,
                                               &option_currency,
                                               &option_time_zone,
                                               &option_lanes,
                                               &option_inbox,
                                               &option_loops,
                                               &option_rate_per_key,
                                               &option_rate_per_address,
                                               &option_connections,
                                               &option_connections_per_address,
                                               &option_streams,
                                               &option_stop_seconds,
                                               NULL};

const struct subcommand subcommand_demo = {
    .name = "demo",
    .sentence = "Serve a database with believable events and sales, and print how to sign in and "
                "what to try.",
    .options = options,
    .run = run,
};
