/* API keys: made, listed, revoked. The secret is shown by the reply that makes it and kept nowhere.
 */
#include "routes/callers/key_secret.h"
#include "routes/forms.h"
#include "routes/handlers.h"
#include "routes/list.h"
#include "routes/parts.h"
#include "routes/resources/staff_forms.h"

static bool parse_role(struct text word, void *value) {
    return role_parse(word, value);
}

struct answered route_api_key_create(struct call *call) {
    if (!text_is_absent(call->headers.idempotency_key)) {
        return call_refuse(call, PROBLEM_BAD_HEADER,
                           "A reply that shows a secret is not stored: leave Idempotency-Key out.");
    }
    struct body body;
    struct object *object = body_open(&body, call, BODY_REQUIRED);
    struct api_key *key = &call->submission.command.of.api_key.key;
    struct instant now = clock_now(call->routes->clock);
    key->expires_at = key->created_at = key->last_used_at = key->revoked_at = INSTANT_NONE;
    object_text(object, "name", MEMBER_REQUIRED, FORM_NAME, &key->name);
    object_word(object, "role", MEMBER_REQUIRED, parse_role,
                "This must be one of admin, event_manager, box_office, checkout, viewer.",
                &key->role);
    struct uuid *events = NULL;
    object_event_ids(object, &events, &key->events_count);
    key->events = events;
    if (object_instant(object, "expires_at", MEMBER_NULLABLE, &key->expires_at) == MEMBER_GIVEN &&
        !instant_before(now, key->expires_at)) {
        body_fault(&body, TEXT("/expires_at"), "range", "This must be in the future.");
    }
    char *secret = arena_take(call_arena(call), KEY_SECRET_TEXT_SIZE);
    if (secret == NULL) {
        body_close(&body);
        return call_refuse(call, PROBLEM_PAYLOAD_TOO_LARGE, NULL);
    }
    key->id = uuid_block(now, 1);
    key_secret_make(key->id, secret, key->secret_hash);
    call->secret = secret;
    return body_submit(&body, COMMAND_KEY_CREATE);
}

struct answered route_api_key_revoke(struct call *call) {
    struct body body;
    body_open(&body, call, BODY_OPTIONAL);
    call->submission.command.of.api_key.key.id = call->id;
    return body_submit(&body, COMMAND_KEY_REVOKE);
}

/* --- the list ---------------------------------------------------------------------------- */

/* Keys are few: all are read, and the page is cut out of them. */
static enum error read_keys(struct store_reader *reader, const struct list_query *query,
                            struct arena *arena, struct page *page, struct failure *failure) {
    struct page all;
    enum error error = reader_api_keys(reader, arena, &all, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    struct api_key *keys = all.rows;
    size_t from = 0;
    for (size_t i = 0; i < all.count && query->after.set; i++) {
        if (uuid_equals(keys[i].id, query->after.id)) {
            from = i + 1;
        }
    }
    size_t count = all.count - from < query->limit ? all.count - from : query->limit;
    *page = (struct page){.rows = keys + from, .count = count, .as_of = all.as_of};
    if (from + count < all.count) {
        page->next = (struct list_position){
            .set = true, .at = INSTANT_NONE, .id = keys[from + count - 1].id};
    }
    return ERROR_NONE;
}

static void write_row(struct fields *fields, const void *row, const struct list_request *request) {
    (void)request;
    row_api_key(fields, row);
}

static const struct api_key sample = {
    .role = ROLE_VIEWER,
    .created_at = NO_INSTANT,
    .expires_at = NO_INSTANT,
    .last_used_at = NO_INSTANT,
    .revoked_at = NO_INSTANT,
};

static const struct list keys = {
    .read = read_keys,
    .row_size = sizeof(struct api_key),
    .row = write_row,
    .sample = &sample,
};

struct answered route_api_key_list(struct call *call) {
    return list_answer(call, &keys, NULL);
}
