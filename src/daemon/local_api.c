#include "daemon/local_api.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "daemon/api_client.h"
#include "daemon/service.h"
#include "routes/problem.h"
#include "store/store.h"

enum {
    ATTEMPTS_MAX = 40, /* while another command holds the database, or starts or stops */
    ATTEMPT_MS = 50,
    ARENA_BYTES = 32 << 20,
};

struct local_api {
    struct api_client *client;
    struct service *service; /* NULL where another process serves */
    pthread_t thread;
    struct arena arena;
    bool create;
    char folder[64]; /* of the socket beside a database that is no file; empty: none */
    char socket[SOCKET_PATH_SIZE];
};

static void *serve(void *context) {
    struct local_api *api = context;
    struct failure failure;
    if (service_run(api->service, &failure) != ERROR_NONE) {
        fprintf(stderr, "ticketd: %s\n", failure.sentence);
    }
    return NULL;
}

/* Beside the file; or in a folder that only this user may enter. */
static enum error choose_socket(struct local_api *api, const char *database,
                                struct failure *failure) {
    if (!store_url_is_of_server(database)) {
        return service_socket_path(database, api->socket, failure);
    }
    char folder[] = "/tmp/ticketd-command-XXXXXX";
    if (mkdtemp(folder) == NULL) {
        return failure_set(failure, ERROR_UNAVAILABLE, "A folder in /tmp cannot be made: %s.",
                           strerror(errno));
    }
    snprintf(api->folder, sizeof api->folder, "%s", folder);
    snprintf(api->socket, sizeof api->socket, "%s/api.sock", folder);
    return ERROR_NONE;
}

static enum error connect_client(struct local_api *api, struct failure *failure) {
    char server[SOCKET_PATH_SIZE + 5];
    snprintf(server, sizeof server, "unix:%s", api->socket);
    return api_client_open(&(struct api_client_options){.server = server}, &api->client, failure);
}

/* The socket listens from service_open() on, so that the client need not wait for the thread. */
static enum error serve_it_ourselves(struct local_api *api, const char *database,
                                     struct failure *failure) {
    log_set_level(LOG_WARNING);
    struct service_options options = {.database = database,
                                      .socket = api->socket,
                                      .no_create = !api->create,
                                      .is_brief = true,
                                      .public_reads = true};
    enum error error = service_open(&options, &api->service, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    if (pthread_create(&api->thread, NULL, serve, api) != 0) {
        service_close(api->service);
        api->service = NULL;
        return failure_set(failure, ERROR_UNAVAILABLE, "The system gives no further thread.");
    }
    return connect_client(api, failure);
}

static enum error connect_or_serve(struct local_api *api, const char *database,
                                   struct failure *failure) {
    enum error error = choose_socket(api, database, failure);
    if (error != ERROR_NONE || api->folder[0] != '\0') {
        return error == ERROR_NONE ? serve_it_ourselves(api, database, failure) : error;
    }
    error = ERROR_LOCKED;
    for (int i = 0; i < ATTEMPTS_MAX && error == ERROR_LOCKED; i++) {
        if (i > 0) {
            nanosleep(&(struct timespec){.tv_nsec = ATTEMPT_MS * 1000000L}, NULL);
        }
        struct failure why_not_served;
        error = connect_client(api, &why_not_served);
        if (error != ERROR_NONE) {
            error = serve_it_ourselves(api, database, failure);
        }
    }
    return error;
}

enum error local_api_open(const char *database, bool create, struct local_api **api,
                          struct failure *failure) {
    struct local_api *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return failure_set(failure, ERROR_MEMORY, "Out of memory.");
    }
    arena_init(&made->arena, ARENA_BYTES);
    made->create = create;
    enum error error = connect_or_serve(made, database, failure);
    if (error == ERROR_NONE) {
        *api = made;
    } else {
        local_api_close(made);
    }
    return error;
}

void local_api_close(struct local_api *api) {
    if (api == NULL) {
        return;
    }
    api_client_close(api->client);
    if (api->service != NULL) {
        service_stop(api->service);
        pthread_join(api->thread, NULL);
        service_close(api->service);
    }
    if (api->folder[0] != '\0') {
        unlink(api->socket);
        rmdir(api->folder);
    }
    arena_finish(&api->arena);
    free(api);
}

/* "Not valid: /name is too long." */
static enum error refusal(const struct reply *reply, json_t *problem, struct failure *failure) {
    const char *title = json_string_value(json_object_get(problem, "title"));
    const char *detail = json_string_value(json_object_get(problem, "detail"));
    const char *code = json_string_value(json_object_get(problem, "code"));
    json_t *first = json_array_get(json_object_get(problem, "errors"), 0);
    const char *pointer = json_string_value(json_object_get(first, "pointer"));
    const char *what = json_string_value(json_object_get(first, "detail"));
    if (pointer != NULL && what != NULL) {
        return failure_set(failure, ERROR_REJECTED, "%s: %s: %s", title == NULL ? "" : title,
                           pointer, what);
    }
    if (reply->status == 404) {
        return failure_set(failure, ERROR_NOT_FOUND,
                           "There is nothing with that id in the database.");
    }
    enum problem known;
    if (detail != NULL && code != NULL && problem_find(text_of(code), &known)) {
        const struct problem_kind *kind = problem_kind(known);
        return failure_set(failure, ERROR_REJECTED, "%s %s", detail,
                           kind->retry_after == 0 ? kind->remedy
                                                  : "The server's log says why; try again later.");
    }
    return failure_set(failure, ERROR_REJECTED, "The server refused with status %d.",
                       reply->status);
}

enum error local_api_call(struct local_api *api, const struct local_request *request,
                          json_t **reply, struct failure *failure) {
    char version[32];
    snprintf(version, sizeof version, "\"%" PRId64 "\"", request->if_match);
    struct api_request sent = {
        .method = request->method,
        .path = request->path,
        .body = request->body,
        .if_match = request->if_match == 0 ? NULL : version,
    };
    struct reply answer;
    arena_reset(&api->arena);
    enum error error = api_client_call(api->client, &sent, &api->arena, &answer, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    json_t *body = json_loadb(answer.body.bytes, answer.body.length, 0, NULL);
    if (body == NULL) {
        return failure_set(failure, ERROR_CORRUPT, "The server's answer is not JSON.");
    }
    if (answer.status >= 400) {
        error = refusal(&answer, body, failure);
        json_decref(body);
        return error;
    }
    *reply = body;
    return ERROR_NONE;
}

enum error local_api_list(struct local_api *api, const char *path, json_t **rows,
                          struct failure *failure) {
    json_t *all = json_array();
    char page[1024];
    snprintf(page, sizeof page, "%s", path);
    for (;;) {
        json_t *reply = NULL;
        enum error error = local_api_call(
            api, &(struct local_request){.method = "GET", .path = page}, &reply, failure);
        if (error != ERROR_NONE) {
            json_decref(all);
            return error;
        }
        json_array_extend(all, json_object_get(reply, "data"));
        const char *cursor = json_string_value(json_object_get(reply, "next_cursor"));
        if (cursor == NULL) {
            json_decref(reply);
            *rows = all;
            return ERROR_NONE;
        }
        snprintf(page, sizeof page, "%s%ccursor=%s", path, strchr(path, '?') == NULL ? '?' : '&',
                 cursor);
        json_decref(reply);
    }
}
