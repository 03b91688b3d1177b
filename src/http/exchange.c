#include "http/exchange.h"

#include <stdlib.h>

#include "base/check.h"
#include "http/answer.h"
#include "http/loop.h"

enum { ARENA_KEPT_MAX = 16 * 1024 }; /* most requests need one block of 4 KiB */

struct exchange *exchange_create(struct loop *loop, size_t arena_budget) {
    struct exchange *exchange = calloc(1, sizeof *exchange);
    if (exchange == NULL) {
        return NULL;
    }
    exchange->loop = loop;
    arena_init(&exchange->arena, arena_budget);
    ensure(pthread_mutex_init(&exchange->stream.mutex, NULL) == 0);
    return exchange;
}

void exchange_destroy(struct exchange *exchange) {
    arena_finish(&exchange->arena);
    pthread_mutex_destroy(&exchange->stream.mutex);
    free(exchange->stream.filling);
    free(exchange->stream.sending);
    free(exchange->unsent_head);
    free(exchange);
}

void exchange_begin(struct exchange *exchange, struct connection *connection,
                    const struct http_limits *limits) {
    exchange->connection = connection;
    exchange->phase = EXCHANGE_READING;
    atomic_store_explicit(&exchange->client_left, false, memory_order_relaxed);
    exchange->request.arena = &exchange->arena;
    parser_init(&exchange->parser, &exchange->request, limits);
}

void exchange_rest(struct exchange *exchange) {
    if (exchange->arena.used > ARENA_KEPT_MAX) {
        arena_finish(&exchange->arena);
    } else {
        arena_reset(&exchange->arena);
    }
    exchange->connection = NULL;
}

void exchange_set_reply(struct exchange *exchange, const struct http_reply *reply) {
    require(reply->headers_count <= HTTP_REPLY_HEADERS_MAX);
    exchange->reply = *reply;
    for (size_t i = 0; i < reply->headers_count; i++) {
        exchange->reply_headers[i] = reply->headers[i];
    }
    exchange->reply.headers = exchange->reply_headers;
}

void http_request_reply(struct http_request *request, const struct http_reply *reply) {
    struct exchange *exchange = exchange_of(request);
    require(exchange->phase == EXCHANGE_HANDED);
    exchange_set_reply(exchange, reply);
    exchange->phase = EXCHANGE_REPLIED;
    if (loop_is_current(exchange->loop)) {
        answer_deliver(exchange);
    } else {
        loop_return(exchange);
    }
}

bool http_request_client_left(const struct http_request *request) {
    return atomic_load_explicit(&exchange_of(request)->client_left, memory_order_relaxed);
}

struct text http_request_header(const struct http_request *request, struct text name) {
    for (size_t i = 0; i < request->headers_count; i++) {
        if (request->headers[i].name.length == name.length &&
            text_equals_ignoring_case(request->headers[i].name, name)) {
            return request->headers[i].value;
        }
    }
    return TEXT_NONE;
}

const char *http_method_name(enum http_method method) {
    switch (method) {
    case HTTP_METHOD_GET:
        return "GET";
    case HTTP_METHOD_HEAD:
        return "HEAD";
    case HTTP_METHOD_POST:
        return "POST";
    case HTTP_METHOD_PUT:
        return "PUT";
    case HTTP_METHOD_PATCH:
        return "PATCH";
    case HTTP_METHOD_DELETE:
        return "DELETE";
    case HTTP_METHOD_OPTIONS:
        return "OPTIONS";
    }
    return "?";
}
