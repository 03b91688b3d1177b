/* The whole server in this process, asked over loopback HTTP; its clock is the scene's. */
#include <inttypes.h>
#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "daemon/api_client.h"
#include "executor/executor.h"
#include "http/server.h"
#include "routes/callers/key_secret.h"
#include "routes/routes.h"
#include "scenarios/http_body.h"
#include "store/store.h"

struct house {
    struct stage stage;
    _Atomic int64_t now_us;
    char folder[64];
    struct store *store;
    struct routes *routes;
    struct executor *executor;
    struct http_server *server;
    char address[HTTP_ADDRESS_SIZE];
    pthread_t thread;
    struct api_client *clients[ROLE_ADMIN + 1];
    struct arena arena; /* of one question */
};

static struct instant house_now(void *context) {
    struct house *house = context;
    return (struct instant){house->now_us};
}

static void house_set_time(struct stage *stage, struct instant now) {
    ((struct house *)stage)->now_us = now.us;
}

/* --- one request -------------------------------------------------------------------- */

struct exchange {
    int status;
    bool replayed;
    json_t *body; /* the caller's to give back */
};

static const char *path_of(struct house *house, const char *before, struct uuid id,
                           const char *after) {
    char text[UUID_TEXT_SIZE];
    struct text path = arena_printf(&house->arena, "%s%s%s", before, uuid_format(id, text), after);
    require(!text_is_absent(path));
    return path.bytes;
}

static struct exchange ask(struct house *house, enum role role, const struct api_request *request) {
    struct reply reply;
    struct failure failure;
    struct api_request sent = *request;
    if (text_is_absent(sent.body) && strcmp(sent.method, "GET") != 0) {
        sent.body = TEXT("{}");
    }
    enum error error =
        api_client_call(house->clients[role], &sent, &house->arena, &reply, &failure);
    if (error != ERROR_NONE) {
        fprintf(stderr, "%s %s: %s\n", request->method, request->path, failure.sentence);
        abort();
    }
    return (struct exchange){
        .status = reply.status,
        .replayed = reply.replayed,
        .body = json_loadb(reply.body.bytes, reply.body.length, 0, NULL),
    };
}

/* --- answers ------------------------------------------------------------------------ */

static int64_t number(const json_t *object, const char *name) {
    const json_t *member = json_object_get(object, name);
    return json_is_integer(member) ? json_integer_value(member) : ANSWER_NONE;
}

static const char *text(const json_t *object, const char *name) {
    const char *value = json_string_value(json_object_get(object, name));
    return value == NULL ? "" : value;
}

static struct instant instant(const json_t *object, const char *name) {
    struct instant at = INSTANT_NONE;
    instant_parse(text_of(text(object, name)), &at);
    return at;
}

static struct uuid id_of(const json_t *object, const char *name) {
    struct uuid id = UUID_NONE;
    uuid_parse(text_of(text(object, name)), &id);
    return id;
}

static void answer_line(struct answer *answer, const json_t *line) {
    answer->lines[answer->lines_count++] = (struct answer_line){
        .id = id_of(line, "id"),
        .type = id_of(line, "ticket_type_id"),
        .quantity = number(line, "quantity"),
        .refunded = number(line, "refunded_quantity"),
        .price = number(line, "unit_price"),
    };
}

static void answer_sale(struct answer *answer, const json_t *body) {
    const json_t *lines = json_object_get(body, "lines");
    answer->id = id_of(body, "id");
    answer->is_cart = lines != NULL;
    answer->expires = instant(body, "expires_at");
    answer->remaining = number(body, "remaining_seconds");
    snprintf(answer->status, sizeof answer->status, "%s", text(body, "status"));
    snprintf(answer->order, sizeof answer->order, "%s", text(body, "order_id"));
    for (size_t i = 0; i < json_array_size(lines); i++) {
        answer_line(answer, json_array_get(lines, i));
    }
    if (lines == NULL) {
        answer_line(answer, body);
    }
}

static void answer_counts(struct answer *answer, const json_t *counts) {
    answer->initial = number(counts, "initial");
    answer->total = number(counts, "total");
    answer->sold = number(counts, "sold");
    answer->reserved = number(counts, "reserved");
    answer->available = number(counts, "available");
}

static int64_t either(int64_t a, int64_t b) {
    return a == ANSWER_NONE ? b : a;
}

static void answer_problem(struct answer *answer, const json_t *body) {
    static const char *const instants[] = {"expires_at", "latest_expires_at", "archived_at",
                                           "sales_start", "sales_end"};
    answer_counts(answer, body);
    answer->requested = either(number(body, "requested"), number(body, "expected_total"));
    answer->shortfall = number(body, "shortfall");
    answer->limit = either(number(body, "max_per_order"), number(body, "max_per_customer"));
    answer->has = number(body, "held");
    answer->left = number(body, "sold_remaining");
    answer->next_expiry = instant(body, "next_expiry_at");
    snprintf(answer->order, sizeof answer->order, "%s", text(body, "order_id"));
    for (size_t i = 0; i < sizeof instants / sizeof *instants; i++) {
        answer->when = instant_later(answer->when, instant(body, instants[i]));
    }
    const json_t *first = json_array_get(json_object_get(body, "errors"), 0);
    snprintf(answer->pointer, sizeof answer->pointer, "%s", text(first, "pointer"));
}

/* Takes the body over. */
static void answer_body(struct answer *answer, const struct exchange *exchange,
                        void (*read)(struct answer *answer, const json_t *body)) {
    answer->replayed = exchange->replayed;
    if (exchange->status < 300) {
        answer_verdict(answer, "granted");
        read(answer, exchange->body);
    } else {
        answer_verdict(answer, text(exchange->body, "code"));
        answer_problem(answer, exchange->body);
    }
    json_decref(exchange->body);
}

static void read_refund(struct answer *answer, const json_t *body) {
    const json_t *cart = json_object_get(body, "cart");
    answer_sale(answer, cart != NULL ? cart : json_object_get(body, "reservation"));
    answer->gives = number(body, "amount");
}

static void read_made(struct answer *answer, const json_t *body) {
    answer->id = id_of(body, "id");
    answer_counts(answer, json_object_get(body, "counts"));
}

static void read_explanation(struct answer *answer, const json_t *body) {
    answer_counts(answer, json_object_get(body, "counts"));
}

static void read_released(struct answer *answer, const json_t *body) {
    answer->released = number(body, "released");
}

static void read_log(struct answer *answer, const json_t *body) {
    const json_t *entries = json_object_get(body, "data");
    for (size_t i = json_array_size(entries); i > 0; i--) { /* newest first */
        const json_t *entry = json_array_get(entries, i - 1);
        answer_log_entry(answer, text(entry, "action"), number(entry, "quantity"));
    }
}

/* --- requests ----------------------------------------------------------------------- */

/* Where a verb is asked and how its answer is read; `%` in the path is the id. */
struct way {
    const char *method;
    const char *of_type, *of_event; /* reservations and ticket types; carts and events */
    const char *after;
    void (*read)(struct answer *answer, const json_t *body);
};

static const struct way ways[] = {
    [VERB_EVENT] = {"POST", "/v1/events", NULL, NULL, read_made},
    [VERB_TICKETS] = {"POST", "/v1/events/", NULL, "/ticket-types", read_made},
    [VERB_RESERVE] = {"POST", "/v1/reservations", NULL, NULL, answer_sale},
    [VERB_CART] = {"POST", "/v1/carts", NULL, NULL, answer_sale},
    [VERB_CHANGE] = {"PUT", "/v1/carts/", "/v1/carts/", "", answer_sale},
    [VERB_COMPLETE] = {"POST", "/v1/reservations/", "/v1/carts/", "/complete", answer_sale},
    [VERB_RELEASE] = {"POST", "/v1/reservations/", "/v1/carts/", "/release", answer_sale},
    [VERB_EXTEND] = {"POST", "/v1/reservations/", "/v1/carts/", "/extend", answer_sale},
    [VERB_REFUND] = {"POST", "/v1/reservations/", "/v1/carts/", "/refunds", read_refund},
    [VERB_SELL] = {"POST", "/v1/sales", NULL, NULL, answer_sale},
    [VERB_INCREASE] = {"POST", "/v1/ticket-types/", NULL, "/increase", answer_counts},
    [VERB_DECREASE] = {"POST", "/v1/ticket-types/", NULL, "/decrease", answer_counts},
    [VERB_SET] = {"PATCH", "/v1/ticket-types/", "/v1/events/", "", read_made},
    [VERB_ARCHIVE] = {"POST", "/v1/ticket-types/", "/v1/events/", "/archive", read_made},
    [VERB_UNARCHIVE] = {"POST", "/v1/ticket-types/", "/v1/events/", "/unarchive", read_made},
    [VERB_RELEASE_EXPIRED] = {"POST", "/v1/reservations/release-expired", NULL, NULL,
                              read_released},
    [VERB_SHOW] = {"GET", "/v1/reservations/", "/v1/carts/", "", answer_sale},
    [VERB_COUNTS] = {"GET", "/v1/ticket-types/", NULL, "/availability", answer_counts},
    [VERB_EXPLAIN] = {"GET", "/v1/ticket-types/", NULL, "/explain", read_explanation},
    [VERB_LOG] = {"GET", "/v1/audit-log?limit=200&ticket_type_id=", NULL, "", read_log},
};

static const char *path_to(struct house *house, const struct question *question) {
    const struct way *way = &ways[question->verb];
    if (way->after == NULL) {
        return way->of_type;
    }
    bool is_other = question->is_cart || (question->is_event && question->verb != VERB_TICKETS);
    const char *after = way->after;
    if (question->verb == VERB_EXPLAIN && !instant_is_none(question->step->asked_at)) {
        char at[INSTANT_TEXT_SIZE];
        after = arena_printf(&house->arena, "/explain?at=%s",
                             instant_format(question->step->asked_at, at))
                    .bytes;
    }
    return path_of(house, is_other ? way->of_event : way->of_type, question->id, after);
}

/* The version that a change of settings is made against: as it stands. */
static const char *version_tag(struct house *house, const struct question *question) {
    const char *path =
        path_of(house, question->is_event ? "/v1/events/" : "/v1/ticket-types/", question->id, "");
    struct exchange exchange =
        ask(house, ROLE_ADMIN, &(struct api_request){.method = "GET", .path = path});
    int64_t version = number(exchange.body, question->is_event ? "version" : "settings_version");
    json_decref(exchange.body);
    return arena_printf(&house->arena, "\"%" PRId64 "\"", version).bytes;
}

static void house_ask(struct stage *stage, const struct question *question, struct answer *answer) {
    struct house *house = (struct house *)stage;
    arena_reset(&house->arena);
    struct json_writer json;
    json_writer_init(&json, &house->arena);
    json_object_begin(&json);
    http_body_members(&json, question);
    json_object_end(&json);
    const char *key = question->step->key;
    struct api_request request = {
        .method = ways[question->verb].method,
        .path = path_to(house, question),
        .idempotency_key = key[0] == '\0' ? NULL : key,
        .if_match = question->verb == VERB_SET ? version_tag(house, question) : NULL,
    };
    if (strcmp(request.method, "GET") != 0) {
        request.body = json_written(&json);
    }
    struct exchange exchange = ask(house, question->role, &request);
    answer_body(answer, &exchange, ways[question->verb].read);
}

/* --- the house ---------------------------------------------------------------------- */

static void *serve(void *context) {
    struct house *house = context;
    struct failure failure;
    require(http_server_run(house->server, &failure) == ERROR_NONE);
    return NULL;
}

static void make_key(struct house *house, enum role role, char secret[KEY_SECRET_TEXT_SIZE]) {
    struct command command = {.kind = COMMAND_KEY_CREATE, .caller.role = ROLE_ADMIN};
    struct api_key *key = &command.of.api_key.key;
    key->id = stage_actor(role);
    key->name = role_name(role);
    key->role = role;
    key->expires_at = key->last_used_at = key->revoked_at = INSTANT_NONE;
    key_secret_make(key->id, secret, key->secret_hash);
    struct outcome outcome;
    enum error error = executor_call(house->executor, &command, &house->arena, &outcome);
    require(error == ERROR_NONE && outcome.verdict == VERDICT_GRANTED);
}

static void open_client(struct house *house, enum role role) {
    char secret[KEY_SECRET_TEXT_SIZE];
    char server[HTTP_ADDRESS_SIZE + 8];
    struct failure failure;
    snprintf(server, sizeof server, "http://%s", house->address);
    if (role != ROLE_NOBODY) {
        make_key(house, role, secret);
    }
    struct api_client_options options = {.server = server,
                                         .key = role == ROLE_NOBODY ? NULL : secret};
    require(api_client_open(&options, &house->clients[role], &failure) == ERROR_NONE);
}

static void open_modules(struct house *house, const char *url) {
    struct clock clock = {house_now, house};
    struct failure failure;
    struct store_options store = {.clock = clock};
    require(store_open(url, &store, &house->store, &failure) == ERROR_NONE);
    /* Beside other servers, counts are read anew as time passes on the clock of the database, which
     * does not jump from scene to scene: nobody else is here. */
    bool is_shared = house->store->is_shared;
    house->store->is_shared = false;
    struct routes_options routes = {.store = house->store, .clock = clock, .version = "scene"};
    require(routes_open(&routes, &house->routes, &failure) == ERROR_NONE);
    house->store->is_shared = is_shared;
    struct executor_options executor = {.clock = clock,
                                        .no_janitor = true,
                                        .on_commit = routes_on_commit,
                                        .context = house->routes};
    require(executor_open(house->store, &executor, &house->executor, &failure) == ERROR_NONE);
    struct http_server_options server = {.handler = routes_handle,
                                         .render_error = routes_render_http_error,
                                         .observer = routes_observe,
                                         .context = house->routes};
    house->server = http_server_open(&server, &failure);
    require(house->server != NULL);
    require(http_server_listen_tcp(house->server, "127.0.0.1:0", house->address, &failure) ==
            ERROR_NONE);
    routes_attach(house->routes, house->executor, house->server);
}

static void remove_folder(const struct house *house) {
    static const char *const files[] = {"ticketd.db", "ticketd.db-wal", "ticketd.db-shm",
                                        "ticketd.db.lock"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", house->folder, files[i]);
        unlink(path);
    }
    rmdir(house->folder);
}

static void house_close(struct stage *stage) {
    struct house *house = (struct house *)stage;
    for (enum role role = ROLE_NOBODY; role <= ROLE_ADMIN; role++) {
        api_client_close(house->clients[role]);
    }
    http_server_stop(house->server);
    pthread_join(house->thread, NULL);
    routes_drain(house->routes);
    executor_close(house->executor);
    http_server_close(house->server);
    routes_close(house->routes);
    store_close(house->store);
    if (house->folder[0] != '\0') {
        remove_folder(house);
    }
    arena_finish(&house->arena);
    free(house);
}

/* A new file in a folder of its own. */
static void make_folder(struct house *house, char *url, size_t size) {
    const char *temporary = getenv("TMPDIR");
    snprintf(house->folder, sizeof house->folder, "%s/ticketd-scene-XXXXXX",
             temporary == NULL || strlen(temporary) > 30 ? "/tmp" : temporary);
    require(mkdtemp(house->folder) != NULL);
    snprintf(url, size, "sqlite:%s/ticketd.db", house->folder);
}

struct stage *stage_http_open(const char *url) {
    struct house *house = calloc(1, sizeof *house);
    require(house != NULL);
    house->stage = (struct stage){"http", house_close, house_set_time, house_ask};
    struct instant start;
    char file[128];
    require(scene_time("19:00", &start));
    house->now_us = start.us;
    arena_init(&house->arena, 16 << 20);
    if (url == NULL) {
        make_folder(house, file, sizeof file);
        url = file;
    }
    open_modules(house, url);
    require(pthread_create(&house->thread, NULL, serve, house) == 0);
    for (enum role role = ROLE_NOBODY; role <= ROLE_ADMIN; role++) {
        open_client(house, role);
    }
    return &house->stage;
}
