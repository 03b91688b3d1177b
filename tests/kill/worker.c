#include "kill/worker.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "daemon/api_client.h"

enum { ARENA_BYTES = 1 << 20 };

static uint64_t next_random(struct worker *worker) {
    worker->seed ^= worker->seed << 13;
    worker->seed ^= worker->seed >> 7;
    worker->seed ^= worker->seed << 17;
    return worker->seed;
}

static void wrong(struct worker *worker, const char *what, struct text answer) {
    if (worker->wrong[0] == '\0') {
        snprintf(worker->wrong, sizeof worker->wrong, "%.40s: %s %.100s -> %.*s", what,
                 worker->request.path, worker->request.body,
                 (int)(answer.length < 200 ? answer.length : 200), answer.bytes);
    }
}

/* A line that may still be released or completed, or (completed) refunded; lines_count: none. */
static size_t find_line(struct worker *worker, bool completed) {
    for (size_t i = 0; i < worker->lines_count; i++) {
        size_t at = (i + (size_t)next_random(worker)) % worker->lines_count;
        if (worker->lines[at].completed == completed && worker->lines[at].quantity > 0) {
            return at;
        }
    }
    return worker->lines_count;
}

static void ask_reserve(struct worker *worker) {
    struct worker_request *request = &worker->request;
    char id[UUID_TEXT_SIZE];
    request->action = RESERVE;
    snprintf(request->path, sizeof request->path, "/v1/reservations");
    snprintf(request->body, sizeof request->body,
             "{\"ticket_type_id\":\"%s\",\"quantity\":%d,\"expires_in_seconds\":7200}",
             uuid_format(worker->types[request->type], id), 1 + (int)(next_random(worker) % 4));
}

static void ask_increase(struct worker *worker) {
    struct worker_request *request = &worker->request;
    char id[UUID_TEXT_SIZE];
    request->action = INCREASE;
    snprintf(request->path, sizeof request->path, "/v1/ticket-types/%s/increase",
             uuid_format(worker->types[request->type], id));
    snprintf(request->body, sizeof request->body, "{\"quantity\":3,\"reason\":\"More chairs\"}");
}

static void ask_about_line(struct worker *worker, enum worker_action action, size_t line) {
    static const char *const verbs[] = {
        [COMPLETE] = "complete", [RELEASE] = "release", [REFUND] = "refunds"};
    struct worker_request *request = &worker->request;
    char id[UUID_TEXT_SIZE];
    request->action = action;
    request->line = line;
    request->type = worker->lines[line].type;
    snprintf(request->path, sizeof request->path, "/v1/reservations/%s/%s",
             uuid_format(worker->lines[line].id, id), verbs[action]);
    if (action == COMPLETE) {
        uint64_t order = next_random(worker);
        snprintf(request->body, sizeof request->body, "{\"order_id\":\"K-%" PRIx64 "\"%s}", order,
                 order % 2 == 0 ? ",\"channel\":\"box_office\",\"tender\":\"cash\"" : "");
    } else if (action == REFUND) {
        snprintf(request->body, sizeof request->body, "{\"quantity\":1,\"reason\":\"Taken ill\"}");
    } else {
        snprintf(request->body, sizeof request->body, "{}");
    }
}

void worker_choose(struct worker *worker) {
    uint64_t die = next_random(worker) % 100;
    worker->request = (struct worker_request){
        .open = true, .key = uuid_block(instant_now(), 1), .type = next_random(worker) % TYPES};
    size_t active = find_line(worker, false), sold = find_line(worker, true);
    if (die < 2) {
        ask_increase(worker);
    } else if (die < 40 && active < worker->lines_count) {
        ask_about_line(worker, COMPLETE, active);
    } else if (die < 50 && active < worker->lines_count) {
        ask_about_line(worker, RELEASE, active);
    } else if (die < 60 && sold < worker->lines_count) {
        ask_about_line(worker, REFUND, sold);
    } else {
        ask_reserve(worker);
    }
}

/* A new line in place of a spent one, or of any where all are in use: it is then left alone. */
static struct worker_line *room_for_line(struct worker *worker) {
    if (worker->lines_count < WORKER_LINES_MAX) {
        return &worker->lines[worker->lines_count++];
    }
    for (size_t i = 0; i < WORKER_LINES_MAX; i++) {
        if (worker->lines[i].quantity == 0) {
            return &worker->lines[i];
        }
    }
    return &worker->lines[next_random(worker) % WORKER_LINES_MAX];
}

static void take_reservation(struct worker *worker, struct text answer) {
    json_t *body = json_loadb(answer.bytes, answer.length, 0, NULL);
    struct worker_line line = {.type = worker->request.type,
                               .quantity =
                                   (int32_t)json_integer_value(json_object_get(body, "quantity"))};
    const char *id = json_string_value(json_object_get(body, "id"));
    if (!uuid_parse(text_of(id), &line.id) || line.quantity < 1) {
        wrong(worker, "not a reservation", answer);
    }
    json_decref(body);
    worker->expected[line.type].reserved += line.quantity;
    *room_for_line(worker) = line;
}

/* What a granted request did to the counts. */
static void apply(struct worker *worker, struct text answer) {
    struct worker_request *request = &worker->request;
    struct expected_counts *counts = &worker->expected[request->type];
    struct worker_line *line = &worker->lines[request->line];
    switch (request->action) {
    case RESERVE:
        take_reservation(worker, answer);
        break;
    case COMPLETE:
        counts->reserved -= line->quantity;
        counts->sold += line->quantity;
        line->completed = true;
        break;
    case RELEASE:
        counts->reserved -= line->quantity;
        line->quantity = 0;
        break;
    case REFUND:
        counts->sold -= 1;
        line->quantity -= 1;
        break;
    case INCREASE:
        counts->total += 3;
        break;
    }
}

enum error worker_ask(struct worker *worker, struct api_client *client, struct arena *arena,
                      struct reply *reply) {
    char key[UUID_TEXT_SIZE];
    struct api_request request = {.method = "POST",
                                  .path = worker->request.path,
                                  .body = text_of(worker->request.body),
                                  .idempotency_key = uuid_format(worker->request.key, key)};
    arena_reset(arena);
    return api_client_call(client, &request, arena, reply, NULL);
}

bool worker_take(struct worker *worker, const struct reply *reply) {
    if (reply->status == 503) {
        return false;
    }
    worker->request.open = false;
    if (reply->status == 409) {
        worker->refused++;
        if (worker->request.action != RESERVE) {
            wrong(worker, "refused", reply->body);
        }
        return true;
    }
    if (reply->status != 200 && reply->status != 201) {
        wrong(worker, "not an answer to expect", reply->body);
        return true;
    }
    char key[UUID_TEXT_SIZE];
    journal_append(worker->journal, &(struct journal_entry){
                                        uuid_format(worker->request.key, key), worker->request.path,
                                        worker->request.body, reply->status, reply->body.bytes});
    worker->acknowledged++;
    apply(worker, reply->body);
    return true;
}

void worker_run(struct worker *worker, const char *url) {
    struct arena arena;
    struct api_client *client;
    struct reply reply;
    struct api_client_options options = {.server = url, .key = worker->key};
    if (api_client_open(&options, &client, NULL) != ERROR_NONE) {
        return;
    }
    arena_init(&arena, ARENA_BYTES);
    for (;;) {
        worker_choose(worker);
        enum error error = worker_ask(worker, client, &arena, &reply);
        if (error == ERROR_UNAVAILABLE) {
            worker->request.open = false; /* not sent: it cannot have been done */
        }
        if (error != ERROR_NONE || !worker_take(worker, &reply) || worker->wrong[0] != '\0') {
            break;
        }
    }
    api_client_close(client);
    arena_finish(&arena);
}

void worker_settle(struct worker *worker, const char *url) {
    struct arena arena;
    struct api_client *client;
    struct reply first, second;
    struct api_client_options options = {.server = url, .key = worker->key};
    if (!worker->request.open) {
        return;
    }
    if (api_client_open(&options, &client, NULL) != ERROR_NONE) {
        wrong(worker, "the server is gone", TEXT(""));
        return;
    }
    arena_init(&arena, ARENA_BYTES);
    if (worker_ask(worker, client, &arena, &first) != ERROR_NONE || !worker_take(worker, &first)) {
        wrong(worker, "no answer after the restart", TEXT(""));
    } else if (first.status < 400) {
        char kept[4096];
        snprintf(kept, sizeof kept, "%.*s", (int)first.body.length, first.body.bytes);
        if (worker_ask(worker, client, &arena, &second) != ERROR_NONE || !second.replayed ||
            second.status != first.status || !text_equals(second.body, text_of(kept))) {
            wrong(worker, "answered differently the second time", second.body);
        }
    }
    api_client_close(client);
    arena_finish(&arena);
}
