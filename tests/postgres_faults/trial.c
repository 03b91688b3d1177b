#include "postgres_faults/trial.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/check.h"
#include "daemon/api_client.h"

enum { ASK_SECONDS = 30, ARENA_BYTES = 1 << 20, FIRST_SALES_MS = 20 * 1000 };

static const int64_t initial_tickets[TYPES] = {10 * 1000 * 1000, 500};

static struct server *running[SHOP_SERVERS_MAX]; /* for their last words */

void give_up(const char *what, const char *why) {
    fprintf(stderr, "cannot go on: %s: %s\n", what, why);
    for (size_t i = 0; i < SHOP_SERVERS_MAX && running[i] != NULL; i++) {
        static char log[OUTPUT_SIZE];
        server_signal(running[i], SIGKILL);
        (void)server_wait(running[i], log);
        fprintf(stderr, "--- server %zu\n%s", i, log);
    }
    exit(2);
}

static void prepare_database(struct trial *trial) {
    static struct finished made;
    TICKETD(&made, "migrate", "--database", trial->database);
    if (made.code != 0) {
        give_up("migrate", made.err);
    }
    TICKETD(&made, "key", "create", "--database", trial->database, "--name", "faults", "--role",
            "admin");
    if (made.code != 0) {
        give_up("key create", made.err);
    }
    snprintf(trial->key, sizeof trial->key, "%.*s", (int)strcspn(made.out, "\n"), made.out);
}

static struct uuid make(struct api_client *client, const char *path, const char *body) {
    struct arena arena;
    struct reply reply = {0};
    struct failure failure = {.sentence = "not created"};
    struct uuid id;
    arena_init(&arena, ARENA_BYTES);
    struct api_request request = {.method = "POST", .path = path, .body = text_of(body)};
    enum error error = api_client_call(client, &request, &arena, &reply, &failure);
    json_t *json =
        error != ERROR_NONE ? NULL : json_loadb(reply.body.bytes, reply.body.length, 0, NULL);
    const char *made = json_string_value(json_object_get(json, "id"));
    if (made == NULL || !uuid_parse(text_of(made), &id)) {
        give_up(path, error == ERROR_NONE ? reply.body.bytes : failure.sentence);
    }
    json_decref(json);
    arena_finish(&arena);
    return id;
}

static void prepare_tickets(struct trial *trial) {
    struct api_client *client;
    struct failure failure;
    struct api_client_options options = {.server = server_url(trial->servers[0]),
                                         .key = trial->key};
    if (api_client_open(&options, &client, &failure) != ERROR_NONE) {
        give_up("the server", failure.sentence);
    }
    for (size_t i = 0; i < TYPES; i++) {
        char path[128], body[128], id[UUID_TEXT_SIZE];
        struct uuid event = make(client, "/v1/events",
                                 "{\"name\":\"Faults\",\"start_date\":\"2099-01-01T20:00:00Z\"}");
        snprintf(path, sizeof path, "/v1/events/%s/ticket-types", uuid_format(event, id));
        snprintf(body, sizeof body,
                 "{\"name\":\"T\",\"price\":1000,\"initial_inventory\":%" PRId64 "}",
                 initial_tickets[i]);
        trial->types[i] = make(client, path, body);
    }
    api_client_close(client);
}

static void open_shop(struct trial *trial, const struct trial_options *options) {
    struct shop_options shop = {.key = trial->key,
                                .journal = trial->journal,
                                .buyers = options->buyers,
                                .passers_by = options->passers_by,
                                .are_blind = options->are_blind};
    for (unsigned i = 0; i < SHOP_SERVERS_MAX && trial->servers[i] != NULL; i++) {
        shop.urls[i] = server_url(trial->servers[i]);
    }
    memcpy(shop.types, trial->types, sizeof shop.types);
    memcpy(shop.initial, initial_tickets, sizeof shop.initial);
    trial->shop = shop_open(&shop);
    if (!shop_await(trial->shop, 0, 10, FIRST_SALES_MS)) {
        give_up("the shop", "it does not sell");
    }
}

void trial_open(struct trial *trial, const struct trial_options *options) {
    *trial = (struct trial){.database = options->database};
    signal(SIGPIPE, SIG_IGN);
    folder_make(trial->folder);
    snprintf(trial->journal, sizeof trial->journal, "%s/journal", trial->folder);
    prepare_database(trial);
    for (unsigned i = 0; i < SHOP_SERVERS_MAX && options->served[i] != NULL; i++) {
        trial->servers[i] = server_start(options->served[i]);
        if (trial->servers[i] == NULL) {
            give_up("the server", "it does not start");
        }
        running[i] = trial->servers[i];
    }
    prepare_tickets(trial);
    open_shop(trial, options);
}

static int connect_to(const char *url) {
    struct server_address address;
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    ensure(server_address_parse(url, &address));
    where.sin_port = htons((uint16_t)atoi(address.port));
    int end = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval limit = {.tv_sec = ASK_SECONDS};
    setsockopt(end, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (connect(end, (struct sockaddr *)&where, sizeof where) != 0) {
        give_up(url, "nobody listens");
    }
    return end;
}

int trial_ask(const struct trial *trial, unsigned server, const char *method, const char *path,
              char answer[ANSWER_SIZE]) {
    char request[512];
    int status = 0;
    size_t length = 0;
    int end = connect_to(server_url(trial->servers[server]));
    int size = snprintf(request, sizeof request,
                        "%s %s HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer %s\r\n"
                        "Connection: close\r\nContent-Type: application/json\r\n"
                        "Content-Length: 2\r\n\r\n{}",
                        method, path, trial->key);
    ssize_t n = send(end, request, (size_t)size, MSG_NOSIGNAL);
    while (n > 0 && length < ANSWER_SIZE - 1) {
        n = read(end, answer + length, ANSWER_SIZE - 1 - length);
        length += n > 0 ? (size_t)n : 0;
    }
    close(end);
    answer[length] = '\0';
    (void)sscanf(answer, "HTTP/1.1 %d", &status);
    return status;
}

void trial_await(const struct trial *trial, unsigned server, int timeout_ms) {
    for (size_t type = 0; type < TYPES; type++) {
        if (!shop_await_decisions(trial->shop, server, type, timeout_ms)) {
            give_up("the shop", "it does not sell any more");
        }
    }
}

static bool verify(const struct trial *trial) {
    static struct finished verified;
    TICKETD(&verified, "verify", "--database", trial->database);
    if (verified.code != 0) {
        fprintf(stderr, "verify: %s%s\n", verified.out, verified.err);
    }
    return verified.code == 0;
}

static uint64_t count_settled(const struct trial *trial) {
    static const char name[] = "\nticketd_unknown_commits_total ";
    char answer[ANSWER_SIZE];
    uint64_t settled = 0;
    for (unsigned i = 0; i < SHOP_SERVERS_MAX && trial->servers[i] != NULL; i++) {
        const char *line =
            trial_ask(trial, i, "GET", "/metrics", answer) == 200 ? strstr(answer, name) : NULL;
        settled += line == NULL ? 0 : strtoull(line + sizeof name - 1, NULL, 10);
    }
    return settled;
}

static bool stop_servers(struct trial *trial) {
    bool are_polite = true;
    for (unsigned i = 0; i < SHOP_SERVERS_MAX && trial->servers[i] != NULL; i++) {
        static char log[OUTPUT_SIZE];
        server_signal(trial->servers[i], SIGTERM);
        int code = server_wait(trial->servers[i], log);
        running[i] = NULL;
        if (code != 0) {
            fprintf(stderr, "the server ended with %d:\n%s\n", code, log);
            are_polite = false;
        }
    }
    return are_polite;
}

struct trial_result trial_close(struct trial *trial) {
    struct trial_result result;
    shop_stop(trial->shop);
    result.reckoning = shop_reckon(trial->shop, server_url(trial->servers[0]), trial->database);
    shop_figures(trial->shop, &result.figures);
    result.settled = count_settled(trial);
    result.reckoning.wrong += !stop_servers(trial);
    result.is_verified = verify(trial);
    shop_close(trial->shop);
    folder_remove(trial->folder);
    return result;
}

bool trial_is_clean(const struct trial_result *result) {
    return result->is_verified && result->reckoning.lost == 0 && result->reckoning.wrong == 0;
}

void trial_print(const char *title, const struct trial_result *result) {
    const struct shop_figures *figures = &result->figures;
    printf("%s: asked %" PRIu64 ", acknowledged %" PRIu64 ", refused %" PRIu64
           ", unavailable %" PRIu64 ", unknown %" PRIu64 " (keyless %" PRIu64
           "), of them committed %" PRIu64 "; settled %" PRIu64 "; asked again %" PRIu64
           ", lost %" PRIu64 ", wrong %" PRIu64 ", verify %s; longest gap %.2f s\n",
           title, figures->asked, figures->acknowledged, figures->refused, figures->unavailable,
           figures->unknown, figures->keyless_unknown, figures->unknown_done, result->settled,
           result->reckoning.asked_again, result->reckoning.lost, result->reckoning.wrong,
           result->is_verified ? "clean" : "NOT CLEAN", (double)figures->gap_us / 1e6);
    fflush(stdout);
}
