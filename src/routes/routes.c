#include "routes/routes.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/time_zone.h"
#include "domain/form.h"
#include "routes/callers/caller.h"
#include "routes/callers/cookie.h"
#include "routes/pages.h"
#include "routes/parts.h"
#include "routes/query.h"
#include "routes/resources/stream.h"

enum { READER_THREADS_DEFAULT = 2, QUERIES_MAX_DEFAULT = 4096 };

/* --- life ------------------------------------------------------------------------------------ */

static enum error settings_check(struct routes *routes, struct failure *failure) {
    struct routes_options *options = &routes->options;
    if (text_is_absent(options->currency)) {
        options->currency = TEXT("EUR");
    }
    if (text_is_absent(options->time_zone)) {
        options->time_zone = TEXT("UTC");
    }
    if (!form_is_currency(options->currency)) {
        return failure_set(failure, ERROR_INVALID,
                           "The currency must be three capital letters, such as EUR.");
    }
    if (!text_is_absent(options->public_url) && !cookie_is_origin(options->public_url)) {
        return failure_set(failure, ERROR_INVALID,
                           "The public URL must be a scheme and a host alone, such as "
                           "https://tickets.example.");
    }
    if (!time_zone_exists(options->time_zone)) {
        return failure_set(failure, ERROR_INVALID, "This machine knows no time zone %.*s.",
                           (int)options->time_zone.length, options->time_zone.bytes);
    }
    return proxies_read(options->trusted_proxies, &routes->proxies, failure);
}

/* What changes, and the board that is told of readings, which are news to the feed. */
static enum error open_feed(struct routes *routes, struct failure *failure) {
    struct store *store = routes->options.store;
    struct feed_options feed = {
        .store = store,
        .names = &routes->names,
        .streams_max = routes->options.streams_max,
        .is_welcome = stream_may_go_on,
        .context = routes,
    };
    enum error error = feed_open(&feed, &routes->feed, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    struct counts_board_options board = {
        .follows = store->is_shared, .on_reading = feed_on_reading, .context = routes->feed};
    routes->board = counts_board_create(&board);
    if (routes->board != NULL && store->is_shared) {
        feed_follow_by(routes->feed, routes->board);
    }
    return ERROR_NONE;
}

enum error routes_open(const struct routes_options *options, struct routes **out,
                       struct failure *failure) {
    struct routes *routes = calloc(1, sizeof *routes);
    if (routes == NULL || sodium_init() < 0) {
        free(routes);
        return failure_set(failure, ERROR_MEMORY, "There is no memory for the routes.");
    }
    routes->options = *options;
    routes->clock = options->clock.now == NULL ? clock_system() : options->clock;
    routes->opened_at = instant_now();
    router_init(&routes->router);
    randombytes_buf(&routes->request_seed, sizeof routes->request_seed);
    routes->limits = rate_limits_create(&options->rates);
    routes->metrics = metrics_create();
    routes->attempts = attempts_create();
    enum error error = settings_check(routes, failure);
    if (error == ERROR_NONE) {
        error = open_feed(routes, failure);
    }
    if (error == ERROR_NONE && (routes->board == NULL || routes->limits == NULL ||
                                routes->metrics == NULL || routes->attempts == NULL)) {
        error = failure_set(failure, ERROR_MEMORY, "There is no memory for the routes.");
    }
    if (error == ERROR_NONE) {
        error = key_ring_open(options->store, &routes->keys, failure);
    }
    if (error == ERROR_NONE) {
        error = people_open(options->store, &routes->people, failure);
        routes->names = (struct names){routes->people, routes->keys};
    }
    if (error == ERROR_NONE) {
        error = passwords_open(&routes->passwords, failure);
    }
    if (error == ERROR_NONE) {
        struct reader_pool_options pool = {
            .store = options->store,
            .threads =
                options->reader_threads == 0 ? READER_THREADS_DEFAULT : options->reader_threads,
            .queue_max = options->queries_max == 0 ? QUERIES_MAX_DEFAULT : options->queries_max,
        };
        error = reader_pool_open(&pool, &routes->readers, failure);
    }
    if (error == ERROR_NONE && options->store->is_shared) {
        struct follower_options follower = {.store = options->store,
                                            .board = routes->board,
                                            .keys = routes->keys,
                                            .people = routes->people};
        error = follower_open(&follower, &routes->follower, failure);
    }
    if (error != ERROR_NONE) {
        routes_close(routes);
        return error;
    }
    *out = routes;
    return ERROR_NONE;
}

void routes_attach(struct routes *routes, struct executor *executor,
                   const struct http_server *server) {
    routes->executor = executor;
    routes->server = server;
}

void routes_drain(struct routes *routes) {
    passwords_drain(routes->passwords); /* what it submits is still decided */
    reader_pool_drain(routes->readers);
    feed_drain(routes->feed);
}

void routes_close(struct routes *routes) {
    if (routes == NULL) {
        return;
    }
    follower_close(routes->follower);
    reader_pool_close(routes->readers);
    feed_close(routes->feed);
    passwords_close(routes->passwords);
    people_close(routes->people);
    attempts_destroy(routes->attempts);
    key_ring_close(routes->keys);
    metrics_destroy(routes->metrics);
    rate_limits_destroy(routes->limits);
    counts_board_destroy(routes->board);
    free(routes);
}

void routes_on_commit(void *context, const struct world *world) {
    struct routes *routes = context;
    key_ring_on_commit(routes->keys, world);
    people_on_commit(routes->people, world);
    counts_board_on_commit(routes->board, world);
    feed_on_commit(routes->feed, world);
}

/* --- a request ------------------------------------------------------------------------------- */

static struct answered refuse_rate(struct call *call, const struct rate_verdict *rate,
                                   const char *policy) {
    struct json_writer json;
    struct reply_headers headers = {.count = 0};
    struct arena *arena = call_arena(call);
    reply_header(
        &headers, TEXT("RateLimit-Policy"),
        arena_printf(arena, "\"%s\";q=%u;w=%u", policy, rate->burst, rate->burst / rate->rate));
    reply_header(&headers, TEXT("RateLimit"),
                 arena_printf(arena, "\"%s\";r=0;t=%u", policy, rate->wait_seconds));
    problem_begin(call, PROBLEM_RATE_LIMITED, TEXT_NONE, &json);
    return problem_send(call, &json, &headers);
}

/* Those who are known are counted by their key, all others by where they come from. */
static bool is_within_rate(struct call *call, struct answered *refused) {
    struct routes *routes = call->routes;
    const struct http_request *http = call->http;
    if (!rate_limits_apply(routes->limits, call->client, http->via_unix_socket)) {
        return true;
    }
    bool is_known = call->caller.actor.kind != ACTOR_SYSTEM;
    struct text name = call->client;
    if (is_known) {
        name = (struct text){(const char *)call->caller.actor.id.bytes, 16};
    }
    struct rate_verdict rate = rate_limits_take(
        routes->limits, is_known ? RATE_OF_KEY : RATE_OF_ADDRESS, name, http->arrived_us);
    if (!rate.passed) {
        *refused = refuse_rate(call, &rate, is_known ? "key" : "address");
    }
    return rate.passed;
}

/* What is behind '?' is read by those routes that take parameters, which are all GETs. */
static bool has_stray_query(const struct call *call) {
    return !text_is_absent(call->http->query) && call->http->query.length > 0 &&
           !call->route->takes_query;
}

static struct answered admit_and_handle(struct call *call);

/* On a reader's thread. Of many that ask at once, the first reads for all. */
static struct answered look_again(struct call *call, struct store_reader *reader) {
    struct failure failure;
    enum error error = ERROR_NONE;
    if (people_refreshed_us(call->routes->people) < call->http->arrived_us) {
        error = people_refresh(call->routes->people, reader, &failure);
    }
    call->scratch = NULL; /* what the handler makes outlives this thread's */
    return error == ERROR_NONE ? admit_and_handle(call) : call_refuse_error(call, error, &failure);
}

/* Who has just signed in at another server of the same database is known here within a second:
 * sooner, if asked for. */
static bool may_be_new(struct call *call, enum problem problem) {
    struct uuid session_id;
    bool is_missed = problem == PROBLEM_UNAUTHENTICATED && !call->looked_again &&
                     call->routes->options.store->is_shared;
    call->looked_again = true;
    return is_missed && text_is_absent(call->headers.authorization) &&
           cookie_find(call, &session_id);
}

static struct answered admit_and_handle(struct call *call) {
    struct answered answered = {call};
    enum problem problem;
    const char *detail = NULL;
    bool admitted = call->route->right == RIGHT_NONE || caller_admit(call, &problem, &detail);
    if (!call->looked_again && !is_within_rate(call, &answered)) {
        return answered;
    }
    if (!admitted && may_be_new(call, problem)) {
        return call_query(call, look_again, NULL);
    }
    if (!admitted) {
        return problem == PROBLEM_ROLE_REQUIRED ? call_refuse_role(call, call->route->right, NULL)
                                                : call_refuse(call, problem, detail);
    }
    if (call->repeated_header != NULL) {
        return call_refuse(
            call, PROBLEM_BAD_HEADER,
            arena_printf(call_arena(call), "%s is there twice.", call->repeated_header).bytes);
    }
    if (call->route->parameter_is_id && !uuid_parse(call->parameter, &call->id)) {
        return call_refuse(call, PROBLEM_NOT_FOUND, NULL);
    }
    if (has_stray_query(call)) {
        struct query query;
        if (!query_read(call, 0, &query, &answered)) {
            return answered;
        }
    }
    return call->route->handle(call);
}

void routes_handle(void *context, struct http_request *request) {
    struct routes *routes = context;
    struct call *call = call_begin(routes, request);
    if (call == NULL) {
        struct http_reply reply = routes_render_http_error(routes, 413, "payload_too_large",
                                                           "No memory is left.", request->arena);
        http_request_reply(request, &reply);
        return;
    }
    struct route_match match = router_find(&routes->router, request->method, request->path);
    call->route = match.route;
    call->parameter = match.parameter;
    if (match.route != NULL) {
        admit_and_handle(call);
    } else if (match.allow != NULL) {
        call_refuse_method(call, match.allow);
    } else if (!pages_answer(call)) {
        call_refuse(call, PROBLEM_NOT_FOUND, NULL);
    }
}

/* --- what the HTTP layer answers by itself ------------------------------------------------------
 */

static enum problem problem_of_status(int status) {
    for (unsigned i = 0; i < PROBLEMS_COUNT; i++) {
        if (problem_kind((enum problem)i)->status == status) {
            return (enum problem)i;
        }
    }
    return PROBLEM_BAD_REQUEST;
}

struct http_reply routes_render_http_error(void *context, int status, const char *code,
                                           const char *detail, struct arena *arena) {
    struct routes *routes = context;
    enum problem problem;
    if (!problem_find(text_of(code), &problem)) {
        problem = problem_of_status(status);
    }
    /* A request without a path or headers, so that the same words are found for it. */
    struct http_request request = {.path = TEXT(""), .arena = arena};
    struct call *call = call_begin(routes, &request);
    struct json_writer json;
    struct http_header *headers = arena_array(arena, struct http_header, 2);
    struct http_reply reply = {.status = status, .content_type = TEXT("application/problem+json")};
    reply.body = TEXT("");
    if (call == NULL || headers == NULL) {
        return reply;
    }
    problem_begin(call, problem, text_of(detail), &json);
    json_object_end(&json);
    metrics_count_problem(routes->metrics, problem);
    headers[0] = (struct http_header){TEXT("Request-Id"), call->request_id};
    reply.headers = headers;
    reply.headers_count = 1;
    struct text retry_after = arena_printf(arena, "%d", problem_kind(problem)->retry_after);
    if (problem_kind(problem)->retry_after > 0 && !text_is_absent(retry_after)) {
        headers[reply.headers_count++] = (struct http_header){TEXT("Retry-After"), retry_after};
    }
    struct text body = json_written(&json);
    reply.body = text_is_absent(body) ? TEXT("") : body;
    return reply;
}

void routes_observe(void *context, const struct http_request *request, int status, bool delivered) {
    struct routes *routes = context;
    const struct call *call = request->application;
    (void)delivered; /* a client that left was answered all the same */
    metrics_count_reply(routes->metrics, &routes->router, call == NULL ? NULL : call->route, status,
                        monotonic_us() - request->arrived_us);
}
