#include "redis_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/instant.h"
#include "base/uuid.h"

static bool complain(const char *what) {
    fprintf(stderr, "redis: %s\n", what);
    return false;
}

static bool ask(const struct redis_server *server, char *output, size_t size, char *const words[]) {
    char port[16];
    char *arguments[32] = {"redis-cli", "-p", port};
    snprintf(port, sizeof port, "%d", server->port);
    size_t count = 3;
    for (size_t i = 0; words[i] != NULL; i++) {
        arguments[count++] = words[i];
    }
    arguments[count] = NULL;
    return process_read(arguments, output, size);
}

/* The same rows as the hot ticket type and its event. */
static bool seed(struct redis_server *server, const char *script) {
    char output[256], type[80], text[16384];
    snprintf(type, sizeof type, "type:%s", server->type_id);
    FILE *file = fopen(script, "re");
    if (file == NULL) {
        return complain("its script is not there");
    }
    size_t length = fread(text, 1, sizeof text - 1, file);
    text[length] = '\0';
    fclose(file);
    char *load[] = {"SCRIPT", "LOAD", text, NULL};
    char *row[] = {"HSET",      type,         "event_id",      server->type_id,
                   "total",     "2000000000", "sold",          "0",
                   "reserved",  "0",          "price",         "8900",
                   "seq",       "0",          "archived_at",   "",
                   "published", "1",          "sales_start",   "",
                   "sales_end", "",           "max_per_order", "0",
                   NULL};
    if (!ask(server, output, sizeof output, row) || !ask(server, output, sizeof output, load) ||
        strcspn(output, "\r\n") != 40) {
        return complain("its script cannot be loaded");
    }
    snprintf(server->script, sizeof server->script, "%.40s", output);
    return true;
}

bool redis_server_start(struct redis_server *server, const char *directory, const char *script) {
    char port[16], log[300];
    *server = (struct redis_server){.port = free_port()};
    snprintf(server->directory, sizeof server->directory, "%s/redis", directory);
    snprintf(port, sizeof port, "%d", server->port);
    snprintf(log, sizeof log, "%s/redis.log", directory);
    uuid_format(uuid_block(instant_now(), 1), server->type_id);
    mkdir(server->directory, 0700);
    char *arguments[] = {"redis-server",
                         "--port",
                         port,
                         "--bind",
                         "127.0.0.1",
                         "--dir",
                         server->directory,
                         "--save",
                         "",
                         "--appendonly",
                         "yes",
                         "--appendfsync",
                         "always",
                         "--maxclients",
                         "4000",
                         NULL};
    if (!process_start(&server->process, arguments, log)) {
        return complain("it cannot be started");
    }
    return (process_await_port(&server->process, server->port, 10) >= 0 ||
            complain("it does not listen")) &&
           seed(server, script);
}

void redis_server_stop(struct redis_server *server) {
    process_stop(&server->process);
}

static size_t request(void *context, char *buffer) {
    const struct redis_server *server = context;
    struct uuid first = uuid_block(instant_now(), 3);
    char key[UUID_TEXT_SIZE], reservation[UUID_TEXT_SIZE], entry[UUID_TEXT_SIZE];
    uuid_format(first, key);
    uuid_format(uuid_nth(first, 1), reservation);
    uuid_format(uuid_nth(first, 2), entry);
    /* Keys: the type, its expiries, its log, the reservation, the idempotency key. Arguments:
     * quantity, seconds, the ids of reservation and entry, who asks, the fingerprint. */
    return (size_t)snprintf(
        buffer, REQUEST_MAX,
        "*14\r\n$7\r\nEVALSHA\r\n$40\r\n%s\r\n$1\r\n5\r\n"
        "$41\r\ntype:%s\r\n$45\r\nexpiries:%s\r\n$40\r\nlog:%s\r\n$48\r\nreservation:%s\r\n"
        "$40\r\nkey:%s\r\n$1\r\n1\r\n$3\r\n900\r\n$36\r\n%s\r\n$36\r\n%s\r\n$36\r\n%s\r\n"
        "$32\r\n%.32s\r\n",
        server->script, server->type_id, server->type_id, server->type_id, reservation, key,
        reservation, entry, server->type_id, key);
}

/* A bulk string that begins with {, as the script answers what it grants. */
static size_t reply(void *context, const char *bytes, size_t length, bool *good) {
    (void)context;
    const char *line = memchr(bytes, '\n', length);
    if (line == NULL) {
        return 0;
    }
    size_t head = (size_t)(line - bytes) + 1;
    if (bytes[0] != '$') {
        *good = false;
        return head;
    }
    size_t whole = head + strtoul(bytes + 1, NULL, 10) + 2;
    *good = length > head && bytes[head] == '{';
    return length >= whole ? whole : 0;
}

struct dialect redis_reserve_dialect(struct redis_server *server) {
    return (struct dialect){request, reply, server};
}
