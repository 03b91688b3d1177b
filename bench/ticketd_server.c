#include "ticketd_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/instant.h"
#include "base/uuid.h"
#include "hot_type.h"

static bool complain(const char *what) {
    fprintf(stderr, "ticketd: %s\n", what);
    return false;
}

static bool make_types(struct ticketd_server *server) {
    struct ticketd *ticketd;
    struct ticketd_problem problem;
    struct ticketd_id *ids = calloc((size_t)server->types_count, sizeof *ids);
    server->types = calloc((size_t)server->types_count, sizeof *server->types);
    require(ids != NULL && server->types != NULL);
    if (ticketd_open(server->database, NULL, &ticketd, &problem) != TICKETD_OK) {
        free(ids);
        return complain(problem.detail);
    }
    hot_type_make(ticketd, ids, server->types_count);
    for (int i = 0; i < server->types_count; i++) {
        ticketd_id_format(ids[i], server->types[i]);
    }
    ticketd_close(ticketd);
    free(ids);
    return true;
}

static bool make_key(struct ticketd_server *server) {
    char output[4096];
    char *arguments[] = {(char *)server->program,
                         "key",
                         "create",
                         "--database",
                         server->database,
                         "--name",
                         "bench",
                         "--role",
                         "checkout",
                         NULL};
    if (!process_read(arguments, output, sizeof output)) {
        return complain("key create failed");
    }
    const char *key = strstr(output, "tkd_");
    if (key == NULL) {
        return complain("key create printed no key");
    }
    snprintf(server->key, sizeof server->key, "%.*s", (int)strcspn(key, " \n\t\"'"), key);
    return true;
}

static bool serve(struct ticketd_server *server) {
    char listen[32];
    server->port = free_port();
    snprintf(listen, sizeof listen, "127.0.0.1:%d", server->port);
    char *arguments[] = {(char *)server->program, "serve",    "--database",
                         server->database,        "--listen", listen,
                         "--log-level",           "warning",  NULL};
    if (!process_start(&server->process, arguments, server->log)) {
        return complain("it cannot be started");
    }
    double seconds = process_await_port(&server->process, server->port, 10);
    server->start_ms = seconds * 1000;
    return seconds >= 0 || complain("it does not listen; see its log");
}

bool ticketd_server_start(struct ticketd_server *server,
                          const struct ticketd_server_options *options) {
    *server =
        (struct ticketd_server){.program = options->program, .types_count = options->types_count};
    snprintf(server->database, sizeof server->database, "%s", options->database);
    snprintf(server->log, sizeof server->log, "%s", options->log);
    return make_types(server) && make_key(server) && serve(server);
}

void ticketd_server_stop(struct ticketd_server *server) {
    process_stop(&server->process);
    free(server->types);
    server->types = NULL;
}

void ticketd_server_pause(struct ticketd_server *server) {
    process_stop(&server->process);
}

bool ticketd_server_resume(struct ticketd_server *server) {
    return serve(server);
}

bool ticketd_server_restart(struct ticketd_server *server) {
    ticketd_server_pause(server);
    return ticketd_server_resume(server);
}

/* --- HTTP ------------------------------------------------------------------------------- */

/* Length of a reply with a Content-Length, as ticketd always sends it. */
static size_t http_length(const char *bytes, size_t length) {
    const char *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (end == NULL) {
        return 0;
    }
    size_t head = (size_t)(end - bytes) + 4;
    const char *field = memmem(bytes, head, "ontent-", 7);
    while (field != NULL && strncasecmp(field, "ontent-length:", 14) != 0) {
        field = memmem(field + 7, head - (size_t)(field + 7 - bytes), "ontent-", 7);
    }
    size_t body = field == NULL ? 0 : strtoul(field + 14, NULL, 10);
    return length >= head + body ? head + body : 0;
}

static size_t reply_with(const char *status, const char *bytes, size_t length, bool *good) {
    size_t whole = http_length(bytes, length);
    *good = whole > 0 && memcmp(bytes, status, strlen(status)) == 0;
    return whole;
}

static size_t reply_created(void *context, const char *bytes, size_t length, bool *good) {
    (void)context;
    return reply_with("HTTP/1.1 201", bytes, length, good);
}

static size_t reply_ok(void *context, const char *bytes, size_t length, bool *good) {
    (void)context;
    return reply_with("HTTP/1.1 200", bytes, length, good);
}

static size_t put_reserve(const struct ticketd_server *server, const char *type, char *buffer) {
    char key[UUID_TEXT_SIZE], body[128];
    uuid_format(uuid_block(instant_now(), 1), key);
    int body_length =
        snprintf(body, sizeof body, "{\"ticket_type_id\":\"%s\",\"quantity\":1}", type);
    return (size_t)snprintf(buffer, REQUEST_MAX,
                            "POST /v1/reservations HTTP/1.1\r\nHost: localhost\r\n"
                            "Authorization: Bearer %s\r\nContent-Type: application/json\r\n"
                            "Idempotency-Key: %s\r\nContent-Length: %d\r\n\r\n%s",
                            server->key, key, body_length, body);
}

static size_t request_reserve(void *context, char *buffer) {
    const struct ticketd_server *server = context;
    return put_reserve(server, server->types[0], buffer);
}

static size_t request_reserve_any(void *context, char *buffer) {
    const struct ticketd_server *server = context;
    return put_reserve(server, server->types[rand() % server->types_count], buffer);
}

static size_t request_available(void *context, char *buffer) {
    const struct ticketd_server *server = context;
    return (size_t)snprintf(buffer, REQUEST_MAX,
                            "GET /v1/ticket-types/%s/availability HTTP/1.1\r\n"
                            "Host: localhost\r\n\r\n",
                            server->types[0]);
}

static size_t request_health(void *context, char *buffer) {
    (void)context;
    return (size_t)snprintf(buffer, REQUEST_MAX,
                            "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
}

struct dialect ticketd_reserve_dialect(struct ticketd_server *server) {
    return (struct dialect){request_reserve, reply_created, server};
}

struct dialect ticketd_reserve_any_dialect(struct ticketd_server *server) {
    return (struct dialect){request_reserve_any, reply_created, server};
}

struct dialect ticketd_available_dialect(struct ticketd_server *server) {
    return (struct dialect){request_available, reply_ok, server};
}

struct dialect ticketd_health_dialect(struct ticketd_server *server) {
    return (struct dialect){request_health, reply_ok, server};
}

static double sample_of(const char *page, const char *name) {
    const char *at = strstr(page, name);
    return at == NULL ? -1 : strtod(at + strlen(name), NULL);
}

bool ticketd_server_counts(const struct ticketd_server *server, double *commits, double *commands) {
    static char page[1 << 18];
    char url[64];
    char authorization[200];
    snprintf(url, sizeof url, "http://127.0.0.1:%d/metrics", server->port);
    snprintf(authorization, sizeof authorization, "Authorization: Bearer %s", server->key);
    char *arguments[] = {"curl", "-sf", "-H", authorization, url, NULL};
    if (!process_read(arguments, page, sizeof page)) {
        return complain("/metrics cannot be read");
    }
    *commits = sample_of(page, "\nticketd_commits_total ");
    *commands = sample_of(page, "\nticketd_commands_total ");
    return *commits >= 0 && *commands >= 0;
}
