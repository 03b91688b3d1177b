#include "daemon/serve.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "base/log.h"
#include "daemon/settings.h"
#include "daemon/signals.h"
#include "daemon/subcommands.h"

/* `database` is the one that is served, which may have been made for the purpose. */
static void read_settings(const struct arguments *arguments, const char *database,
                          struct settings_in_effect *settings) {
    static const char *const sources[] = {[SOURCE_DEFAULT] = "default",
                                          [SOURCE_ENVIRONMENT] = "environment",
                                          [SOURCE_COMMAND_LINE] = "command_line"};
    settings->count = 0;
    for (const struct option *const *at = arguments->subcommand->options; *at != NULL; at++) {
        const struct option *option = *at;
        bool names_database = strcmp(option->name, "database") == 0;
        const char *value = names_database ? database : argument_text(arguments, option);
        char *shown = settings->values[settings->count];
        if (!option->setting) {
            continue;
        }
        require(settings->count < SETTINGS_MAX);
        settings->list[settings->count++] = (struct option_in_effect){
            .name = option->name,
            .value = value == NULL ? NULL : store_url_shown(value, shown),
            .source = sources[argument_source(arguments, option)],
            .description = option->sentence,
        };
    }
}

struct service_options service_options_from(const struct arguments *arguments, const char *database,
                                            struct settings_in_effect *settings) {
    read_settings(arguments, database, settings);
    return (struct service_options){
        .in_effect = settings->list,
        .in_effect_count = settings->count,
        .database = database,
        .listen = argument_text(arguments, &option_listen),
        .public_reads = strcmp(argument_text(arguments, &option_public), "on") == 0,
        .public_url = argument_text(arguments, &option_public_url),
        .trusted_proxies = argument_text(arguments, &option_trusted_proxy),
        .currency = argument_text(arguments, &option_currency),
        .time_zone = argument_text(arguments, &option_time_zone),
        .lanes = argument_is_given(arguments, &option_lanes)
                     ? (unsigned)argument_number(arguments, &option_lanes)
                     : 0,
        .inbox_max = (size_t)argument_number(arguments, &option_inbox),
        .loops = (unsigned)argument_number(arguments, &option_loops),
        .rate_per_key = (unsigned)argument_number(arguments, &option_rate_per_key),
        .rate_per_address = (unsigned)argument_number(arguments, &option_rate_per_address),
        .streams_max = (size_t)argument_number(arguments, &option_streams),
        .limits =
            {
                .connections = (size_t)argument_number(arguments, &option_connections),
                .connections_per_address =
                    (size_t)argument_number(arguments, &option_connections_per_address),
                .stop_ms = (unsigned)argument_number(arguments, &option_stop_seconds) * 1000,
            },
    };
}

static void stop(void *context) {
    service_stop(context);
}

static void say_that_it_listens(const struct service_options *options, const char *address) {
    char pid[16], socket_path[SOCKET_PATH_SIZE] = "", database[STORE_URL_SHOWN_SIZE];
    snprintf(pid, sizeof pid, "%d", (int)getpid());
    if (service_socket_path(options->database, socket_path, NULL) != ERROR_NONE) {
        socket_path[0] = '\0';
    }
    log_line(LOG_INFO, "listening", "address", address, "socket", socket_path, "database",
             store_url_shown(options->database, database), "pid", pid, "version", TICKETD_VERSION,
             NULL);
}

static enum error run(struct service *service, const struct service_options *options,
                      struct signals *signals, void (*ready)(void *context, const char *address),
                      void *context, struct failure *failure) {
    enum error error = signals_watch(signals, stop, service, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    say_that_it_listens(options, service_address(service));
    if (ready != NULL) {
        ready(context, service_address(service));
    }
    return service_run(service, failure);
}

int serve_until_stopped(const struct service_options *options,
                        void (*ready)(void *context, const char *address), void *context) {
    struct failure failure;
    struct signals *signals = NULL;
    struct service *service = NULL;
    enum error error = signals_open(&signals, &failure);
    if (error == ERROR_NONE) {
        error = service_open(options, &service, &failure);
    }
    if (error == ERROR_NONE) {
        error = run(service, options, signals, ready, context, &failure);
    }
    signals_close(signals);
    service_close(service);
    if (error != ERROR_NONE) {
        return complain("%s", failure.sentence);
    }
    log_line(LOG_INFO, "stopped", NULL);
    return EXIT_CODE_OK;
}

static enum log_level level_named(const char *name) {
    static const struct {
        const char *name;
        enum log_level level;
    } levels[] = {{"debug", LOG_DEBUG}, {"warning", LOG_WARNING}, {"error", LOG_ERROR}};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        if (strcmp(levels[i].name, name) == 0) {
            return levels[i].level;
        }
    }
    return LOG_INFO;
}

static int serve(const struct arguments *arguments) {
    log_set_level(level_named(argument_text(arguments, &option_log_level)));
    struct settings_in_effect settings;
    struct service_options options =
        service_options_from(arguments, argument_text(arguments, &option_database), &settings);
    return serve_until_stopped(&options, NULL, NULL);
}

static const struct option *const options[] = {&option_database,
                                               &option_listen,
                                               &option_public,
                                               &option_public_url,
                                               &option_trusted_proxy,
                                               &option_currency,
                                               &option_time_zone,
                                               &option_log_level,
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

const struct subcommand subcommand_serve = {
    .name = "serve",
    .sentence = "Serve a database over HTTP until SIGTERM or SIGINT.",
    .manual =
        "Makes the file of an SQLite database where there is none; the schema in a "
        "PostgreSQL database is made by `ticketd migrate`. Any number of servers may serve "
        "one PostgreSQL database. It is ready when it logs event=listening. "
        "The first signal stops it politely: what was accepted is finished and answered, the "
        "rest is refused. A second one, a second later, ends it at once; nothing that was "
        "answered is lost "
        "by that either.\n"
        "The same API, with admin rights, is served on the socket FILE.sock beside an SQLite "
        "file, for the user who runs the server; `ticketd key create` goes that way. Beside a "
        "PostgreSQL database there is none.\n"
        "A database that cannot be reached at the start ends it with exit code 1 and a "
        "sentence; whatever supervises it starts it again. One that goes away later does not: "
        "requests are answered 503 store_unavailable, /readyz says why and since when, "
        "/healthz stays 200, and it goes on by itself when the database is back.\n"
        "A password belongs into the environment (TICKETD_DATABASE, or libpq's PGPASSWORD and "
        "~/.pgpass): on the command line it is struck out once the program runs, not before.",
    .options = options,
    .run = serve,
};
