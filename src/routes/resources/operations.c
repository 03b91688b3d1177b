/* For whoever runs the server: is it alive, is it ready, what does it speak. */
#include "routes/answer.h"
#include "routes/handlers.h"
#include "routes/parts.h"

extern const unsigned char openapi_json_bytes[];
extern const size_t openapi_json_bytes_size;

static const struct text json_type = {"application/json", 16};

struct answered route_health_live(struct call *call) {
    return call_reply_text(call, 200, json_type, TEXT("{\"status\":\"ok\"}"), NULL);
}

struct answered route_openapi_get(struct call *call) {
    struct text body = {(const char *)openapi_json_bytes, openapi_json_bytes_size};
    return call_reply_text(call, 200, json_type, body, NULL);
}

struct answered route_settings_get(struct call *call) {
    const struct routes_options *options = &call->routes->options;
    struct json_writer json;
    json_writer_init(&json, call_arena(call));
    json_object_begin(&json);
    json_member_text(&json, "version", text_of(options->version));
    json_name(&json, "settings");
    json_array_begin(&json);
    for (size_t i = 0; i < options->in_effect_count; i++) {
        const struct option_in_effect *option = &options->in_effect[i];
        json_object_begin(&json);
        json_member_text(&json, "name", text_of(option->name));
        json_member_text(&json, "value", text_of(option->value));
        json_member_text(&json, "source", text_of(option->source));
        json_member_text(&json, "description", text_of(option->description));
        json_object_end(&json);
    }
    json_array_end(&json);
    json_object_end(&json);
    return call_reply(call, 200, &json, NULL);
}

/* --- ready --------------------------------------------------------------------------------- */

struct check {
    const char *name;
    bool ok;
    struct text detail;   /* absent: nothing beyond ok */
    struct instant since; /* when it began to fail, where that is known; or none */
};

static void write_check(struct json_writer *json, const struct check *check) {
    json_object_begin(json);
    json_member_text(json, "name", text_of(check->name));
    json_member_boolean(json, "ok", check->ok);
    if (!text_is_absent(check->detail)) {
        json_member_text(json, "detail", check->detail);
    }
    if (!instant_is_none(check->since)) {
        json_member_instant(json, "since", check->since);
    }
    json_object_end(json);
}

static struct answered reply_ready(struct call *call, const struct check *checks, size_t count) {
    bool ready = true;
    struct json_writer json;
    struct reply_headers headers = {.count = 0};
    for (size_t i = 0; i < count; i++) {
        ready = ready && checks[i].ok;
    }
    json_writer_init(&json, call_arena(call));
    json_object_begin(&json);
    json_member_text(&json, "status", ready ? TEXT("ready") : TEXT("not_ready"));
    json_name(&json, "checks");
    json_array_begin(&json);
    for (size_t i = 0; i < count; i++) {
        write_check(&json, &checks[i]);
    }
    json_array_end(&json);
    json_object_end(&json);
    if (!ready) {
        reply_header(&headers, TEXT("Retry-After"), TEXT("5"));
    }
    return call_reply(call, ready ? 200 : 503, &json, &headers);
}

/* The write may have been done by a lane that is well while another one is not: what that one met
 * last is the reason, until it has seen for itself that it is over. */
static struct check check_write(struct call *call, enum verdict verdict) {
    struct check check = {.name = "store_write",
                          .ok = verdict == VERDICT_GRANTED,
                          .detail = TEXT_NONE,
                          .since = INSTANT_NONE};
    struct executor_outage outage;
    if (executor_find_outage(call_executor(call), &outage)) {
        check.ok = false;
        check.detail = arena_copy(call_arena(call), text_of(outage.failure.sentence));
        check.since = outage.since;
    } else if (!check.ok) {
        check.detail = text_of(problem_kind(problem_of_verdict(verdict))->meaning);
    }
    return check;
}

/* On a lane's thread: the write has been tried; what the reader said waits in the subject. */
static void on_written(struct submission *submission, const struct outcome *outcome) {
    struct call *call = submission->owner;
    const struct check *schema = call->subject;
    struct check checks[] = {check_write(call, outcome->verdict), *schema};
    reply_ready(call, checks, 2);
}

/* The statements of a reader are made for one schema: one that answers is the right one. Then
 * comes a write that changes nothing: forgetting what was stored before 1970. */
static struct answered try_store(struct call *call, struct store_reader *reader) {
    struct answered answered = {call};
    struct check *schema = call->subject;
    struct page page;
    struct failure failure;
    enum error error = reader_due_types(reader, UUID_NONE, 1, call_scratch(call), &page, &failure);
    *schema = (struct check){.name = "schema_version",
                             .ok = error == ERROR_NONE,
                             .detail = TEXT_NONE,
                             .since = INSTANT_NONE};
    if (!schema->ok) {
        schema->detail = arena_copy(call_arena(call), text_of(failure.sentence));
    }
    call->submission.command = (struct command){
        .kind = COMMAND_PRUNE,
        .caller = {.role = ROLE_ADMIN, .actor = ACTOR_NONE},
        .of.prune.before = {0},
    };
    call->submission.on_done = on_written;
    call->submission.owner = call;
    executor_submit_internal(call_executor(call), &call->submission);
    return answered;
}

struct answered route_health_ready(struct call *call) {
    struct check *schema = arena_new(call_arena(call), struct check);
    if (schema == NULL) {
        return call_refuse(call, PROBLEM_PAYLOAD_TOO_LARGE, NULL);
    }
    return call_query(call, try_store, schema);
}
