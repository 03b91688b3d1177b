#include "routes/body.h"

#include "routes/answer.h"
#include "routes/fingerprint.h"
#include "routes/parts.h"

static const char too_deep[] = "The body nests deeper than 16 levels.";

static void refuse(struct body *body, enum problem problem, const char *detail) {
    if (body->problem == PROBLEMS_COUNT) {
        body->problem = problem;
        body->detail = detail;
    }
}

void body_fault(struct body *body, struct text pointer, const char *code, const char *detail) {
    if (body->faults_count == FAULTS_MAX) {
        return;
    }
    struct fault *fault = arena_new(call_arena(body->call), struct fault);
    if (fault == NULL || text_is_absent(pointer)) {
        refuse(body, PROBLEM_PAYLOAD_TOO_LARGE, NULL);
        return;
    }
    *fault = (struct fault){.pointer = pointer, .code = code, .detail = text_of(detail)};
    *body->faults_end = fault;
    body->faults_end = &fault->next;
    body->faults_count++;
}

bool body_is_sound(const struct body *body) {
    return body->problem == PROBLEMS_COUNT && body->faults == NULL;
}

/* Nesting is measured before it is parsed: the parser recurses. Brackets in strings do not count;
 * a string that never ends is the parser's to refuse. */
static bool is_too_deep(struct text json) {
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < json.length; i++) {
        char c = json.bytes[i];
        if (in_string) {
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                in_string = false;
            }
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > BODY_DEPTH_MAX) {
                return true;
            }
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return false;
}

/* "application/json", with or without parameters. */
static bool is_json_type(struct text type) {
    const char *semicolon = text_is_absent(type) ? NULL : memchr(type.bytes, ';', type.length);
    if (semicolon != NULL) {
        type.length = (size_t)(semicolon - type.bytes);
    }
    return !text_is_absent(type) &&
           text_equals_ignoring_case(text_trimmed(type), TEXT("application/json"));
}

/* "Line 1, column 9 (byte 9) of the body: invalid token." What the parser quotes from the body is
 * left out: it is cut anywhere, and may be a secret. */
static const char *where_it_breaks(struct arena *arena, const json_error_t *error) {
    const char *quote = strstr(error->text, " near '");
    struct text reason = text_of(error->text);
    if (quote != NULL) {
        reason.length = (size_t)(quote - error->text);
    }
    if (!text_is_utf8(reason)) {
        reason = TEXT("this is not JSON");
    }
    return arena_printf(arena, "Line %d, column %d (byte %d) of the body: %.*s.", error->line,
                        error->column, error->position, (int)reason.length, reason.bytes)
        .bytes;
}

static void parse(struct body *body, struct text bytes) {
    if (!is_json_type(body->call->headers.content_type)) {
        refuse(body, PROBLEM_UNSUPPORTED_MEDIA_TYPE,
               "Bodies are JSON here. Send Content-Type: application/json.");
        return;
    }
    if (is_too_deep(bytes)) {
        refuse(body, PROBLEM_MALFORMED_JSON, too_deep);
        return;
    }
    json_error_t error;
    body->json =
        json_loadb(bytes.bytes, bytes.length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (body->json == NULL && json_error_code(&error) == json_error_numeric_overflow) {
        body_fault(body, TEXT(""), "range", "A number in the body is too large.");
    } else if (body->json == NULL) {
        refuse(body, PROBLEM_MALFORMED_JSON, where_it_breaks(call_arena(body->call), &error));
    } else if (!json_is_object(body->json)) {
        body_fault(body, TEXT(""), "type", "The body must be a JSON object.");
    } else {
        body->root.json = body->json;
    }
}

struct object *body_open(struct body *body, struct call *call, enum body_need need) {
    *body = (struct body){.call = call, .problem = PROBLEMS_COUNT};
    body->faults_end = &body->faults;
    body->root = (struct object){.body = body, .pointer = TEXT("")};
    struct text bytes = call->http->body;
    if (bytes.length > 0) {
        parse(body, bytes);
    } else if (need == BODY_REQUIRED) {
        refuse(body, PROBLEM_MALFORMED_JSON, "A JSON object is expected as the body.");
    }
    return &body->root;
}

void body_close(struct body *body) {
    json_decref(body->json);
    body->json = NULL;
    body->root.json = NULL;
}

/* --- the end of it ---------------------------------------------------------------- */

/* 1 to 255 visible characters, bare or in double quotes; both name the same key. */
static void read_idempotency_key(struct body *body) {
    struct call *call = body->call;
    struct text key = call->headers.idempotency_key;
    if (text_is_absent(key) || call->http->method != HTTP_METHOD_POST) {
        return;
    }
    bool quoted = key.length >= 2 && key.bytes[0] == '"' && key.bytes[key.length - 1] == '"';
    if (quoted) {
        key = (struct text){key.bytes + 1, key.length - 2};
    }
    if (!form_is_idempotency_key(key) || memchr(key.bytes, '"', key.length) != NULL) {
        refuse(body, PROBLEM_BAD_HEADER,
               "Idempotency-Key must be 1 to 255 visible ASCII characters, bare or in quotes.");
        return;
    }
    struct idempotency *idempotency = &call->submission.command.idempotency;
    idempotency->principal = call->principal;
    idempotency->key = key;
}

bool body_passes(struct body *body, struct answered *refused) {
    struct call *call = body->call;
    if (body->problem == PROBLEMS_COUNT) {
        object_close(&body->root);
        read_idempotency_key(body);
    }
    struct idempotency *idempotency = &call->submission.command.idempotency;
    if (body_is_sound(body) && !text_is_absent(idempotency->key) &&
        !fingerprint_take(call->http, body->json, idempotency->fingerprint)) {
        refuse(body, PROBLEM_PAYLOAD_TOO_LARGE, NULL);
    }
    body_close(body);
    if (body->problem != PROBLEMS_COUNT) {
        *refused = call_refuse(call, body->problem, body->detail);
        return false;
    }
    if (body->faults != NULL) {
        *refused = call_refuse_faults(call, body->faults);
        return false;
    }
    return true;
}

struct answered body_submit(struct body *body, enum command_kind kind) {
    struct answered answered = {body->call};
    if (!body_passes(body, &answered)) {
        return answered;
    }
    struct submission *submission = &body->call->submission;
    submission->command.kind = kind;
    submission->command.caller = body->call->caller;
    submission->on_done = answer_outcome;
    submission->owner = body->call;
    executor_submit(body->call->routes->executor, submission);
    return answered;
}
