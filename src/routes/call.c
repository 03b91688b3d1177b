#include "routes/call.h"

#include <stdio.h>

#include "base/check.h"
#include "base/log.h"
#include "routes/parts.h"

static const struct text json_type = {"application/json", 16};
static const struct text problem_type = {"application/problem+json", 24};

/* What is said when not even the memory for an answer is left. */
static const char spent_body[] =
    "{\"type\":\"/problems/payload_too_large\",\"title\":\"Body too large\",\"status\":413,"
    "\"detail\":\"The answer needs more memory than one request may take.\",\"instance\":\"\","
    "\"code\":\"payload_too_large\",\"request_id\":\"\"}";

/* --- the request's headers ---------------------------------------------- */

struct header_place {
    struct text name;
    size_t offset;
    bool once; /* a second one would leave open which is meant */
};

#define PLACE(name, member, once)                                                                  \
    { {name, sizeof(name) - 1}, offsetof(struct call_headers, member), once }

static const struct header_place places[] = {
    PLACE("Accept", accept, false),
    PLACE("Accept-Encoding", accept_encoding, false),
    PLACE("Acting-User", acting_user, true),
    PLACE("Authorization", authorization, true),
    PLACE("Content-Type", content_type, true),
    PLACE("Cookie", cookie, true),
    PLACE("Host", host, false),
    PLACE("Idempotency-Key", idempotency_key, true),
    PLACE("If-Match", if_match, true),
    PLACE("If-None-Match", if_none_match, true),
    PLACE("Last-Event-ID", last_event_id, true),
    PLACE("Origin", origin, true),
    PLACE("Request-Id", request_id, false),
    PLACE("Sec-Fetch-Site", sec_fetch_site, true),
    PLACE("X-Forwarded-For", forwarded_for, false), /* the last is the nearest proxy's */
};

static void read_header(struct call *call, const struct http_header *header) {
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (header->name.length != places[i].name.length ||
            !text_equals_ignoring_case(header->name, places[i].name)) {
            continue;
        }
        struct text *value = (struct text *)((char *)&call->headers + places[i].offset);
        if (!text_is_absent(*value) && places[i].once) {
            call->repeated_header = places[i].name.bytes;
        }
        *value = header->value;
        return;
    }
}

static bool is_request_id(struct text id) {
    for (size_t i = 0; i < id.length; i++) {
        char c = id.bytes[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '.' || c == '_' || c == '-')) {
            return false;
        }
    }
    return id.length >= 1 && id.length <= 64;
}

/* Sixteen digits: a count, mixed with this process's seed so that two runs do not repeat. */
static struct text make_request_id(struct routes *routes, struct arena *arena) {
    uint64_t count = atomic_fetch_add_explicit(&routes->requests, 1, memory_order_relaxed);
    uint64_t mixed = (count ^ routes->request_seed) * UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ (mixed >> 32)) * UINT64_C(0xd6e8feb86659fd93);
    mixed ^= mixed >> 32;
    static const char digits[] = "0123456789abcdef";
    char *id = arena_take(arena, 16);
    for (int i = 0; i < 16 && id != NULL; i++) {
        id[i] = digits[mixed >> (60 - 4 * i) & 15];
    }
    return (struct text){id, id == NULL ? 0 : 16};
}

struct call *call_begin(struct routes *routes, struct http_request *request) {
    struct call *call = arena_new(request->arena, struct call);
    if (call == NULL) {
        return NULL;
    }
    call->routes = routes;
    call->http = request;
    call->problem = PROBLEMS_COUNT;
    call->caller = (struct caller){.role = ROLE_NOBODY, .actor = ACTOR_NONE};
    for (size_t i = 0; i < request->headers_count; i++) {
        read_header(call, &request->headers[i]);
    }
    call->client =
        client_find(&routes->proxies, request->peer, call->headers.forwarded_for, request->arena);
    call->request_id = is_request_id(call->headers.request_id)
                           ? call->headers.request_id
                           : make_request_id(routes, request->arena);
    request->application = call;
    return call;
}

struct executor *call_executor(const struct call *call) {
    return call->routes->executor;
}

/* --- replies ------------------------------------------------------------- */

void reply_header(struct reply_headers *headers, struct text name, struct text value) {
    require(headers->count < sizeof headers->list / sizeof *headers->list);
    if (!text_is_absent(value)) {
        headers->list[headers->count++] = (struct http_header){name, value};
    }
}

struct answered call_reply_text(struct call *call, int status, struct text type, struct text body,
                                const struct reply_headers *headers) {
    struct answered answered = {call};
    struct http_header list[HTTP_REPLY_HEADERS_MAX] = {{TEXT("Request-Id"), call->request_id}};
    size_t count = 1;
    for (size_t i = 0; headers != NULL && i < headers->count; i++) {
        list[count++] = headers->list[i];
    }
    struct http_reply reply = {
        .status = status,
        .content_type = type,
        .body = body,
        .headers = list,
        .headers_count = count,
    };
    http_request_reply(call->http, &reply);
    return answered;
}

static struct answered reply_spent(struct call *call) {
    call->problem = PROBLEM_PAYLOAD_TOO_LARGE;
    return call_reply_text(call, 413, problem_type, text_of(spent_body), NULL);
}

struct answered call_reply(struct call *call, int status, const struct json_writer *json,
                           const struct reply_headers *headers) {
    struct text body = json_written(json);
    if (json->arena != call_arena(call)) {
        body = arena_copy(call_arena(call), body);
    }
    return text_is_absent(body) ? reply_spent(call)
                                : call_reply_text(call, status, json_type, body, headers);
}

/* --- problems ------------------------------------------------------------ */

void problem_begin(struct call *call, enum problem problem, struct text detail,
                   struct json_writer *json) {
    const struct problem_kind *kind = problem_kind(problem);
    call->problem = problem;
    json_writer_init(json, call_arena(call));
    json_object_begin(json);
    json_member_text(json, "type", arena_printf(call_arena(call), "/problems/%s", kind->code));
    json_member_text(json, "title", text_of(kind->title));
    json_member_integer(json, "status", kind->status);
    json_member_text(json, "detail", text_is_absent(detail) ? text_of(kind->meaning) : detail);
    /* The bytes of the path were not checked; what is not text cannot be said in JSON. */
    json_member_text(json, "instance",
                     text_is_utf8(call->http->path) ? call->http->path : TEXT(""));
    json_member_text(json, "code", text_of(kind->code));
    json_member_text(json, "request_id", call->request_id);
}

struct answered problem_send(struct call *call, struct json_writer *json,
                             struct reply_headers *headers) {
    const struct problem_kind *kind = problem_kind(call->problem);
    struct reply_headers own = {.count = 0};
    headers = headers == NULL ? &own : headers;
    bool is_told = headers->count > 0 && text_equals(headers->list[0].name, TEXT("Retry-After"));
    if (kind->retry_after > 0 && !is_told) {
        reply_header(headers, TEXT("Retry-After"),
                     arena_printf(call_arena(call), "%d", kind->retry_after));
    }
    if (kind->status == 401) {
        reply_header(headers, TEXT("WWW-Authenticate"), TEXT("Bearer realm=\"ticketd\""));
    }
    metrics_count_problem(call->routes->metrics, call->problem);
    json_object_end(json);
    struct text body = json_written(json);
    if (text_is_absent(body)) {
        return reply_spent(call);
    }
    return call_reply_text(call, kind->status, problem_type, body, headers);
}

struct answered call_refuse(struct call *call, enum problem problem, const char *detail) {
    struct json_writer json;
    problem_begin(call, problem, text_of(detail), &json);
    return problem_send(call, &json, NULL);
}

struct answered call_refuse_method(struct call *call, const char *allow) {
    struct json_writer json;
    struct reply_headers headers = {.count = 0};
    reply_header(&headers, TEXT("Allow"), text_of(allow));
    problem_begin(call, PROBLEM_METHOD_NOT_ALLOWED, TEXT_NONE, &json);
    return problem_send(call, &json, &headers);
}

/* "quantity: This must be …": the first of them, for people who see only the detail. */
static struct text first_fault(struct call *call, const struct fault *fault) {
    struct text name = fault->pointer;
    if (name.length > 0 && name.bytes[0] == '/') {
        name = (struct text){name.bytes + 1, name.length - 1};
    }
    return name.length == 0
               ? fault->detail
               : arena_printf(call_arena(call), "%.*s: %.*s", (int)name.length, name.bytes,
                              (int)fault->detail.length, fault->detail.bytes);
}

struct answered call_refuse_faults(struct call *call, const struct fault *faults) {
    struct json_writer json;
    problem_begin(call, PROBLEM_VALIDATION_FAILED, first_fault(call, faults), &json);
    json_name(&json, "errors");
    json_array_begin(&json);
    for (const struct fault *fault = faults; fault != NULL; fault = fault->next) {
        json_object_begin(&json);
        json_member_text(&json, "pointer", fault->pointer);
        json_member_text(&json, "code", text_of(fault->code));
        json_member_text(&json, "detail", fault->detail);
        json_object_end(&json);
    }
    json_array_end(&json);
    return problem_send(call, &json, NULL);
}

/* At most once a second: while the store is away every query fails. */
static void complain(struct call *call, const struct failure *failure) {
    int_fast64_t last = atomic_load_explicit(&call->routes->complained_us, memory_order_relaxed);
    int64_t now_us = monotonic_us();
    if ((last != 0 && now_us - last < 1000000) ||
        !atomic_compare_exchange_strong(&call->routes->complained_us, &last, now_us)) {
        return;
    }
    char request_id[65];
    snprintf(request_id, sizeof request_id, "%.*s", (int)call->request_id.length,
             call->request_id.bytes);
    log_line(LOG_ERROR, "query_failed", "operation", call->route->name, "request_id", request_id,
             "why", failure->sentence, NULL);
}

struct answered call_refuse_error(struct call *call, enum error error,
                                  const struct failure *failure) {
    if (error == ERROR_NOT_FOUND) {
        return call_refuse(call, PROBLEM_NOT_FOUND, NULL);
    }
    if (error == ERROR_MEMORY) {
        return reply_spent(call);
    }
    complain(call, failure);
    return call_refuse(call, PROBLEM_STORE_UNAVAILABLE, NULL);
}

struct answered call_query(struct call *call,
                           struct answered (*query)(struct call *call, struct store_reader *reader),
                           void *subject) {
    struct answered answered = {call};
    call->query = query;
    call->subject = subject;
    if (reader_pool_submit(call->routes->readers, call)) {
        return answered;
    }
    return call_refuse(call, PROBLEM_BUSY, NULL);
}
