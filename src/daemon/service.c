#include "daemon/service.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "executor/executor.h"
#include "routes/routes.h"
#include "store/store.h"

struct service {
    struct store *store;
    struct routes *routes;
    struct executor *executor;
    struct http_server *server;
    bool has_address;
    char address[HTTP_ADDRESS_SIZE];
};

/* The file's own name, as its lock has it. Only a symbolic link is followed: what is short because
 * it is relative stays short. */
static const char *own_name(const char *file, char real[PATH_MAX]) {
    struct stat found;
    bool is_link = lstat(file, &found) == 0 && S_ISLNK(found.st_mode);
    return is_link && realpath(file, real) != NULL ? real : file;
}

enum error service_socket_path(const char *database, char path[SOCKET_PATH_SIZE],
                               struct failure *failure) {
    static const char scheme[] = "sqlite:";
    if (store_url_is_of_server(database)) {
        path[0] = '\0';
        return ERROR_NONE;
    }
    if (strncmp(database, scheme, sizeof scheme - 1) != 0) {
        char shown[STORE_URL_SHOWN_SIZE];
        return failure_set(failure, ERROR_INVALID,
                           "\"%.150s\" is not a database: write sqlite:FILE or postgres://…",
                           store_url_shown(database, shown));
    }
    char real[PATH_MAX];
    const char *file = own_name(database + sizeof scheme - 1, real);
    if (strlen(file) + sizeof ".sock" > SOCKET_PATH_SIZE) {
        return failure_set(failure, ERROR_INVALID,
                           "%s is too long a path for the socket beside it (at most %d bytes); "
                           "give a shorter one, a relative one for example.",
                           file, SOCKET_PATH_SIZE - (int)sizeof ".sock");
    }
    snprintf(path, SOCKET_PATH_SIZE, "%s.sock", file);
    return ERROR_NONE;
}

static enum error open_routes(struct service *service, const struct service_options *options,
                              struct failure *failure) {
    struct routes_options routes = {
        .store = service->store,
        .version = TICKETD_VERSION,
        .currency = text_of(options->currency),
        .time_zone = text_of(options->time_zone),
        .public_url = text_of(options->public_url),
        .trusted_proxies = text_of(options->trusted_proxies),
        .closed_to_public = !options->public_reads,
        .rates = {.per_key = options->rate_per_key, .per_address = options->rate_per_address},
        .streams_max = options->streams_max,
        .reader_threads = options->is_brief ? 1 : 0,
        .in_effect = options->in_effect,
        .in_effect_count = options->in_effect_count,
    };
    return routes_open(&routes, &service->routes, failure);
}

static enum error open_executor(struct service *service, const struct service_options *options,
                                struct failure *failure) {
    struct executor_options executor = {
        .lanes = options->is_brief ? 1 : options->lanes,
        .inbox_max = options->inbox_max,
        .no_janitor = options->is_brief,
        .on_commit = routes_on_commit,
        .context = service->routes,
    };
    enum error error = executor_open(service->store, &executor, &service->executor, failure);
    if (error == ERROR_NONE && options->lanes > service->store->writers_max) {
        char asked[16], lanes[16];
        snprintf(asked, sizeof asked, "%u", options->lanes);
        snprintf(lanes, sizeof lanes, "%u", service->store->writers_max);
        log_line(LOG_WARNING, "fewer_lanes", "asked", asked, "lanes", lanes, "why",
                 "the database takes no more writers", NULL);
    }
    return error;
}

/* The caller's own, or the one beside the file; empty: none. */
static enum error choose_socket(const struct service_options *options, char path[SOCKET_PATH_SIZE],
                                struct failure *failure) {
    if (options->socket == NULL) {
        return service_socket_path(options->database, path, failure);
    }
    int length = snprintf(path, SOCKET_PATH_SIZE, "%s", options->socket);
    return length < SOCKET_PATH_SIZE
               ? ERROR_NONE
               : failure_set(failure, ERROR_INVALID, "%s is too long a path for a socket.",
                             options->socket);
}

static enum error open_server(struct service *service, const struct service_options *options,
                              struct failure *failure) {
    struct http_server_options server = {
        .handler = routes_handle,
        .render_error = routes_render_http_error,
        .observer = routes_observe,
        .context = service->routes,
        .limits = options->limits,
        .loops = options->loops,
    };
    char path[SOCKET_PATH_SIZE] = "";
    enum error error = choose_socket(options, path, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    service->server = http_server_open(&server, failure);
    if (service->server == NULL) {
        return ERROR_UNAVAILABLE;
    }
    if (options->listen != NULL) {
        error = http_server_listen_tcp(service->server, options->listen, service->address, failure);
        service->has_address = error == ERROR_NONE;
    }
    if (error == ERROR_NONE && path[0] != '\0') {
        error = http_server_listen_unix(service->server, path, failure);
    }
    return error;
}

enum error service_try_address(const char *listen, struct failure *failure) {
    struct http_server_options options = {.handler = routes_handle};
    struct http_server *server = http_server_open(&options, failure);
    if (server == NULL) {
        return ERROR_UNAVAILABLE;
    }
    enum error error = http_server_listen_tcp(server, listen, NULL, failure);
    http_server_close(server);
    return error;
}

enum error service_open(const struct service_options *options, struct service **service,
                        struct failure *failure) {
    struct service *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return failure_set(failure, ERROR_MEMORY, "Out of memory.");
    }
    struct store_options store = {.no_create = options->no_create}; /* the store's own clock */
    enum error error = store_open(options->database, &store, &made->store, failure);
    if (error == ERROR_NONE) {
        error = open_routes(made, options, failure);
    }
    if (error == ERROR_NONE) {
        error = open_executor(made, options, failure);
    }
    if (error == ERROR_NONE) {
        error = open_server(made, options, failure);
    }
    if (error != ERROR_NONE) {
        service_close(made);
        return error;
    }
    routes_attach(made->routes, made->executor, made->server);
    *service = made;
    return ERROR_NONE;
}

const char *service_address(const struct service *service) {
    return service->has_address ? service->address : NULL;
}

enum error service_run(struct service *service, struct failure *failure) {
    return http_server_run(service->server, failure);
}

void service_stop(struct service *service) {
    http_server_stop(service->server);
}

/* The order matters: the executor's last answers still go to requests that the server holds. */
void service_close(struct service *service) {
    if (service == NULL) {
        return;
    }
    if (service->routes != NULL) {
        routes_drain(service->routes);
    }
    executor_close(service->executor);
    http_server_close(service->server);
    routes_close(service->routes);
    store_close(service->store);
    free(service);
}
