#include "daemon/rehearse/rehearsal.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/map.h"

enum { ARENA_BYTES = 512 << 20, PATH_SIZE = 1024, DAYS_AHEAD = 30 };

static enum error call(struct rehearsal *rehearsal, const char *method, const char *path,
                       struct text body, json_t **reply, struct failure *failure) {
    struct arena arena;
    struct reply answer;
    arena_init(&arena, ARENA_BYTES);
    struct api_request request = {.method = method, .path = path, .body = body};
    enum error error = api_client_call(rehearsal->client, &request, &arena, &answer, failure);
    if (error == ERROR_NONE && answer.status >= 400) {
        error = failure_set(failure, ERROR_REJECTED, "%s %s was refused: %.*s", method, path,
                            (int)answer.body.length, answer.body.bytes);
    }
    if (error == ERROR_NONE) {
        *reply = json_loadb(answer.body.bytes, answer.body.length, 0, NULL);
        if (*reply == NULL) {
            error = failure_set(failure, ERROR_CORRUPT, "The answer to %s is not JSON.", path);
        }
    }
    arena_finish(&arena);
    return error;
}

static bool take_id(json_t *reply, struct uuid *id) {
    bool sound = uuid_parse(text_of(json_string_value(json_object_get(reply, "id"))), id);
    json_decref(reply);
    return sound;
}

enum error rehearsal_prepare(struct rehearsal *rehearsal, struct failure *failure) {
    char start[INSTANT_TEXT_SIZE], now[INSTANT_TEXT_SIZE], id[UUID_TEXT_SIZE];
    char body[512], path[PATH_SIZE];
    json_t *reply = NULL;
    struct instant begins = instant_plus_seconds(instant_now(), INT64_C(86400) * DAYS_AHEAD);
    snprintf(body, sizeof body,
             "{\"name\":\"Rehearsal of %s\",\"start_date\":\"%s\",\"published\":true}",
             instant_format(instant_now(), now), instant_format(begins, start));
    enum error error = call(rehearsal, "POST", "/v1/events", text_of(body), &reply, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    if (!take_id(reply, &rehearsal->event_id)) {
        return failure_set(failure, ERROR_CORRUPT, "The new event has no id.");
    }
    snprintf(path, sizeof path, "/v1/events/%s/ticket-types", uuid_format(rehearsal->event_id, id));
    snprintf(body, sizeof body,
             "{\"name\":\"Rehearsal\",\"price\":4200,\"initial_inventory\":%" PRId64 "}",
             rehearsal->tickets);
    error = call(rehearsal, "POST", path, text_of(body), &reply, failure);
    if (error == ERROR_NONE && !take_id(reply, &rehearsal->ticket_type_id)) {
        error = failure_set(failure, ERROR_CORRUPT, "The new ticket type has no id.");
    }
    return error;
}

enum error rehearsal_clear_away(struct rehearsal *rehearsal, struct failure *failure) {
    char path[PATH_SIZE], id[UUID_TEXT_SIZE];
    json_t *reply = NULL;
    snprintf(path, sizeof path, "/v1/events/%s/archive", uuid_format(rehearsal->event_id, id));
    enum error error = call(rehearsal, "POST", path, TEXT_NONE, &reply, failure);
    json_decref(reply);
    return error;
}

/* One reservation as the server lists it. */
struct listed {
    struct uuid id;
    int64_t quantity;
    bool completed;
    bool claimed; /* a buyer was told of it */
    char order_id[UUID_TEXT_SIZE + 2];
};

struct books {
    struct arena arena;
    struct map map;
    struct listed **all;
    size_t count, capacity;
};

static bool books_add(struct books *books, const json_t *row) {
    struct listed *listed = arena_new(&books->arena, struct listed);
    const char *order = json_string_value(json_object_get(row, "order_id"));
    const char *status = json_string_value(json_object_get(row, "status"));
    if (listed == NULL || status == NULL ||
        !uuid_parse(text_of(json_string_value(json_object_get(row, "id"))), &listed->id)) {
        return false;
    }
    if (books->count == books->capacity) {
        size_t capacity = books->capacity == 0 ? 1024 : 2 * books->capacity;
        struct listed **all = realloc(books->all, capacity * sizeof(struct listed *));
        if (all == NULL) {
            return false;
        }
        books->all = all;
        books->capacity = capacity;
    }
    listed->quantity = json_integer_value(json_object_get(row, "quantity"));
    listed->completed = strcmp(status, "completed") == 0;
    snprintf(listed->order_id, sizeof listed->order_id, "%s", order == NULL ? "" : order);
    books->all[books->count++] = listed;
    return map_put(&books->map, &books->arena, uuid_hash(listed->id), listed);
}

static struct listed *books_find(const struct books *books, struct uuid id) {
    struct listed *listed;
    for (size_t at = 0; (listed = map_next(&books->map, uuid_hash(id), &at)) != NULL;) {
        if (uuid_equals(listed->id, id)) {
            return listed;
        }
    }
    return NULL;
}

static enum error books_read(struct books *books, struct rehearsal *rehearsal,
                             struct failure *failure) {
    char path[PATH_SIZE], id[UUID_TEXT_SIZE], cursor[600] = "";
    uuid_format(rehearsal->ticket_type_id, id);
    do {
        json_t *reply = NULL;
        snprintf(path, sizeof path, "/v1/reservations?ticket_type_id=%s&limit=200%s%s", id,
                 cursor[0] == '\0' ? "" : "&cursor=", cursor);
        enum error error = call(rehearsal, "GET", path, TEXT_NONE, &reply, failure);
        if (error != ERROR_NONE) {
            return error;
        }
        const json_t *rows = json_object_get(reply, "data");
        bool taken = json_is_array(rows);
        for (size_t i = 0; taken && i < json_array_size(rows); i++) {
            taken = books_add(books, json_array_get(rows, i));
        }
        const char *next = json_string_value(json_object_get(reply, "next_cursor"));
        snprintf(cursor, sizeof cursor, "%s", next == NULL ? "" : next);
        json_decref(reply);
        if (!taken) {
            return failure_set(failure, ERROR_CORRUPT, "The list of reservations makes no sense.");
        }
    } while (cursor[0] != '\0');
    return ERROR_NONE;
}

static enum error read_counts(struct rehearsal *rehearsal, struct rehearsal_findings *findings,
                              struct failure *failure) {
    char path[PATH_SIZE], id[UUID_TEXT_SIZE];
    json_t *reply = NULL;
    snprintf(path, sizeof path, "/v1/ticket-types/%s/availability",
             uuid_format(rehearsal->ticket_type_id, id));
    enum error error = call(rehearsal, "GET", path, TEXT_NONE, &reply, failure);
    if (error == ERROR_NONE && json_object_get(reply, "sold") == NULL) {
        error = failure_set(failure, ERROR_PERMISSION,
                            "The key may not read counts; a rehearsal needs an admin key.");
    }
    if (error == ERROR_NONE) {
        findings->total = json_integer_value(json_object_get(reply, "total"));
        findings->sold = json_integer_value(json_object_get(reply, "sold"));
        findings->reserved = json_integer_value(json_object_get(reply, "reserved"));
        findings->available = json_integer_value(json_object_get(reply, "available"));
    }
    json_decref(reply);
    return error;
}

/* Each buyer looks for what it was told of. */
static void compare(struct books *books, const struct crowd_result *result,
                    struct rehearsal_findings *findings) {
    for (size_t i = 0; i < result->buyers_count; i++) {
        const struct buyer *buyer = &result->buyers[i];
        struct listed *listed = buyer->reserved ? books_find(books, buyer->reservation_id) : NULL;
        char id[UUID_TEXT_SIZE], order_id[UUID_TEXT_SIZE + 2];
        snprintf(order_id, sizeof order_id, "R-%s", uuid_format(buyer->complete_key, id));
        bool lost = buyer->reserved && (listed == NULL || listed->quantity != buyer->quantity);
        if (buyer->sold && !lost) {
            lost = !listed->completed || strcmp(listed->order_id, order_id) != 0;
        }
        findings->lost += lost;
        if (listed != NULL && (buyer->sold || buyer->failed)) {
            listed->claimed = true;
        }
    }
    for (size_t i = 0; i < books->count; i++) {
        if (books->all[i]->completed) {
            findings->sales_quantity += books->all[i]->quantity;
            findings->unasked += !books->all[i]->claimed;
        }
    }
}

enum error rehearsal_read_back(struct rehearsal *rehearsal, const struct crowd_result *result,
                               struct rehearsal_findings *findings, struct failure *failure) {
    *findings = (struct rehearsal_findings){0};
    struct books books = {0};
    arena_init(&books.arena, ARENA_BYTES);
    enum error error = read_counts(rehearsal, findings, failure);
    if (error == ERROR_NONE) {
        error = books_read(&books, rehearsal, failure);
    }
    if (error == ERROR_NONE) {
        compare(&books, result, findings);
        int64_t taken = findings->sales_quantity > findings->sold + findings->reserved
                            ? findings->sales_quantity
                            : findings->sold + findings->reserved;
        findings->oversold = taken > rehearsal->tickets ? taken - rehearsal->tickets : 0;
        findings->counts_agree =
            findings->total == rehearsal->tickets && findings->sold == findings->sales_quantity &&
            findings->available == findings->total - findings->sold - findings->reserved &&
            findings->reserved <= (int64_t)result->tally.tickets_abandoned;
    }
    free(books.all);
    arena_finish(&books.arena);
    return error;
}
