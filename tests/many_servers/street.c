#include "street.h"

#include <inttypes.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/instant.h"
#include "daemon/api_client.h"

enum {
    ARENA_BYTES = 1 << 20,
    ATTEMPTS_MAX = 200,
    AGAIN_MS = 20,
    COMPLAINTS_NAMED_MAX = 10,
    TWIN_PERCENT = 20,
    ECHO_PERCENT = 20,
};

void give_up(const char *what, const char *why) {
    fprintf(stderr, "cannot go on: %s: %s\n", what, why);
    exit(2);
}

void street_complain(struct street *street, const char *what, const char *detail) {
    if (atomic_fetch_add(&street->wrong, 1) < COMPLAINTS_NAMED_MAX) {
        fprintf(stderr, "WRONG: %s: %.400s\n", what, detail);
    }
}

int64_t street_number(const struct street *street, const char *sql) {
    char text[64];
    struct failure failure;
    if (database_ask(street->database, sql, text, sizeof text, &failure) != ERROR_NONE) {
        give_up(sql, failure.sentence);
    }
    return strtoll(text, NULL, 10);
}

/* --- its life ----------------------------------------------------------------------- */

static void make_key(const struct street *street, const char *role, char key[ROLE_KEY_SIZE]) {
    static struct finished made;
    TICKETD(&made, "key", "create", "--database", street->database, "--name", role, "--role", role);
    if (made.code != 0) {
        give_up("key create", made.err);
    }
    snprintf(key, ROLE_KEY_SIZE, "%.*s", (int)strcspn(made.out, "\n"), made.out);
}

void street_open(struct street *street) {
    static struct finished made;
    struct failure failure;
    *street = (struct street){.count = 0};
    signal(SIGPIPE, SIG_IGN);
    if (cluster_open(&(struct cluster_options){.port = 0}, &street->cluster, &failure) !=
            ERROR_NONE ||
        database_create(cluster_url(street->cluster), NULL, street->database, &failure) !=
            ERROR_NONE) {
        give_up("the cluster", failure.sentence);
    }
    TICKETD(&made, "migrate", "--database", street->database);
    if (made.code != 0) {
        give_up("migrate", made.err);
    }
    make_key(street, "admin", street->admin);
    make_key(street, "checkout", street->shop);
}

void street_serve(struct street *street, const char *url, unsigned servers) {
    static const char *const words[] = {"--lanes", "2", NULL};
    street->count = servers;
    for (unsigned i = 0; i < servers; i++) {
        street->servers[i] = server_start_as("serve", url, words);
        if (street->servers[i] == NULL) {
            give_up("serve", "it does not start");
        }
    }
}

static void stop_servers(struct street *street) {
    static char log[OUTPUT_SIZE];
    for (unsigned i = 0; i < street->count; i++) {
        server_signal(street->servers[i], SIGTERM);
    }
    for (unsigned i = 0; i < street->count; i++) {
        int code = server_wait(street->servers[i], log);
        if (code != 0 || strstr(log, "level=error") != NULL || strstr(log, "level=fatal") != NULL) {
            street_complain(street, "a server's end", log);
        }
    }
}

bool street_reckon(struct street *street) {
    static struct finished verified;
    stop_servers(street);
    TICKETD(&verified, "verify", "--database", street->database);
    if (verified.code != 0) {
        street_complain(street, "verify", verified.out);
    }
    int64_t deadlocks = street_number(
        street, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
    if (deadlocks != 0) {
        street_complain(street, "deadlocks", "in pg_stat_database");
    }
    printf("%u servers: asked %lu, again %lu, twins %lu, refused %lu, deadlocks %" PRId64
           ", verify %s, wrong %lu\n",
           street->count, atomic_load(&street->asked), atomic_load(&street->again),
           atomic_load(&street->twins), atomic_load(&street->refused), deadlocks,
           verified.code == 0 ? "clean" : "NOT CLEAN", atomic_load(&street->wrong));
    return atomic_load(&street->wrong) == 0;
}

void street_close(struct street *street) {
    cluster_close(street->cluster);
}

/* --- a client ----------------------------------------------------------------------- */

struct client {
    struct street *street;
    const char *key;
    struct api_client *connections[SERVERS_MAX];
    struct arena arena;
    uint64_t seed;
};

struct client *client_open(struct street *street, const char *key, uint64_t seed) {
    struct client *client = calloc(1, sizeof *client);
    if (client == NULL) {
        give_up("a client", "no memory");
    }
    *client = (struct client){
        .street = street, .key = key, .seed = (seed + 1) * UINT64_C(0x9E3779B97F4A7C15)};
    arena_init(&client->arena, ARENA_BYTES);
    return client;
}

void client_close(struct client *client) {
    for (unsigned i = 0; i < SERVERS_MAX; i++) {
        api_client_close(client->connections[i]);
    }
    arena_finish(&client->arena);
    free(client);
}

uint64_t client_random(struct client *client) {
    client->seed ^= client->seed << 13;
    client->seed ^= client->seed >> 7;
    client->seed ^= client->seed << 17;
    return client->seed >> 11;
}

static struct uuid id_in(const char *body) {
    struct uuid id = UUID_NONE;
    json_t *json = json_loads(body, 0, NULL);
    const char *text = json_string_value(json_object_get(json, "id"));
    if (text == NULL || !uuid_parse(text_of(text), &id)) {
        id = UUID_NONE;
    }
    json_decref(json);
    return id;
}

/* One attempt; 0: no answer, or one that says nothing for certain. */
static int attempt(struct client *client, unsigned server, const struct api_request *request,
                   struct answer *answer) {
    struct reply reply = {0};
    struct api_client_options options = {.server = server_url(client->street->servers[server]),
                                         .key = client->key};
    arena_reset(&client->arena);
    atomic_fetch_add(&client->street->asked, 1);
    struct api_client **connection = &client->connections[server];
    if ((*connection == NULL && api_client_open(&options, connection, NULL) != ERROR_NONE) ||
        api_client_call(*connection, request, &client->arena, &reply, NULL) != ERROR_NONE) {
        return 0;
    }
    answer->status = reply.status;
    snprintf(answer->body, sizeof answer->body, "%.*s", (int)reply.body.length, reply.body.bytes);
    answer->id = id_in(answer->body);
    return reply.status;
}

static bool is_granted(int status) {
    return status == 200 || status == 201;
}

/* Asks one server after the other, the same with the same key, until one says something certain. */
static void insist(struct client *client, unsigned server, const struct api_request *request,
                   struct answer *answer) {
    for (int i = 0; i < ATTEMPTS_MAX; i++) {
        int status =
            attempt(client, (server + (unsigned)i) % client->street->count, request, answer);
        if (is_granted(status) || status == 409) {
            return;
        }
        if (status != 0 && status != 503) {
            break;
        }
        atomic_fetch_add(&client->street->again, 1);
        nanosleep(&(struct timespec){.tv_nsec = AGAIN_MS * 1000000L}, NULL);
    }
    char detail[ANSWER_SIZE + 400];
    snprintf(detail, sizeof detail, "%s %s: %d %s", request->path, request->body.bytes,
             answer->status, answer->body);
    street_complain(client->street, "not an answer to expect", detail);
}

struct twin {
    struct client *client;
    unsigned server;
    const struct api_request *request;
    struct answer answer;
};

static void *ask_as_twin(void *context) {
    struct twin *twin = context;
    insist(twin->client, twin->server, twin->request, &twin->answer);
    return NULL;
}

static void hold_against(struct client *client, const struct api_request *request,
                         const struct answer *one, const struct answer *other) {
    if (one->status != other->status || strcmp(one->body, other->body) != 0) {
        char detail[3 * ANSWER_SIZE];
        snprintf(detail, sizeof detail, "%s: %d %s\n   other: %d %s", request->path, one->status,
                 one->body, other->status, other->body);
        street_complain(client->street, "two answers to one key", detail);
    }
}

/* The same to two servers at the same time. What is refused is not kept: the other one may come
 * when there are tickets again, but if both are granted they are one. */
static void ask_twice(struct client *client, unsigned server, const struct api_request *request,
                      struct answer *answer) {
    static _Thread_local struct twin twin;
    pthread_t thread;
    twin = (struct twin){.client = client_open(client->street, client->key, client->seed),
                         .server = (server + 1) % client->street->count,
                         .request = request};
    atomic_fetch_add(&client->street->twins, 1);
    if (pthread_create(&thread, NULL, ask_as_twin, &twin) != 0) {
        give_up("a twin", "no thread");
    }
    insist(client, server, request, answer);
    pthread_join(thread, NULL);
    client_close(twin.client);
    if (is_granted(answer->status) && is_granted(twin.answer.status)) {
        hold_against(client, request, answer, &twin.answer);
    } else if (is_granted(twin.answer.status)) {
        *answer = twin.answer;
    }
}

int client_ask(struct client *client, const char *method, const char *path, const char *body,
               struct answer *answer) {
    char key[UUID_TEXT_SIZE];
    struct uuid id = uuid_block(instant_now(), 1);
    const struct api_request request = {.method = method,
                                        .path = path,
                                        .body = text_of(body),
                                        .idempotency_key = uuid_format(id, key)};
    unsigned server = (unsigned)(client_random(client) % client->street->count);
    *answer = (struct answer){.status = 0};
    if (client_random(client) % 100 < TWIN_PERCENT) {
        ask_twice(client, server, &request, answer);
    } else {
        insist(client, server, &request, answer);
    }
    if (is_granted(answer->status) && client_random(client) % 100 < ECHO_PERCENT) {
        static _Thread_local struct answer echo;
        insist(client, server + 1, &request, &echo);
        hold_against(client, &request, answer, &echo);
    }
    if (answer->status == 409) {
        atomic_fetch_add(&client->street->refused, 1);
    }
    return answer->status;
}

int client_ask_one(struct client *client, unsigned server, const char *method, const char *path,
                   const char *body, struct answer *answer) {
    const struct api_request request = {
        .method = method, .path = path, .body = body == NULL ? TEXT_NONE : text_of(body)};
    *answer = (struct answer){.status = 0};
    return attempt(client, server, &request, answer);
}
