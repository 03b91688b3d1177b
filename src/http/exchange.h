/* exchange.h - one request and its answer, as this layer holds them.
 *
 *     READING ---handler---> HANDED ---http_request_reply---> REPLIED
 *                               \-----http_stream_begin-----> STREAMING
 *
 * While HANDED or STREAMING it belongs to the application, on any thread; it comes back to its
 * loop through loop_return(). Exchanges are used again: taking one allocates nothing. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <uv.h>

#include "http/parser.h"
#include "http/request.h"

struct connection;
struct loop;

enum exchange_phase { EXCHANGE_READING, EXCHANGE_HANDED, EXCHANGE_REPLIED, EXCHANGE_STREAMING };

struct stream {
    pthread_mutex_t mutex; /* for these: */
    char *filling;         /* framed bytes that the loop has not taken yet */
    size_t filled, capacity;
    bool wants_room, ended, complete;
    bool returned; /* on its way to the loop */

    /* The loop's own: */
    http_stream_watcher *watcher;
    void *context;
    char *sending; /* what the system has not taken yet */
    bool head_sent, in_flight, turning, told_gone, told_mute, told_stop;
};

struct exchange {
    struct http_request request; /* first: the application's pointer is ours as well */
    struct arena arena;
    struct parser parser;
    struct loop *loop;
    struct connection *connection;
    struct exchange *next; /* among the spare or the returned ones */
    enum exchange_phase phase;
    atomic_bool client_left;
    struct http_reply reply;
    struct http_header reply_headers[HTTP_REPLY_HEADERS_MAX];
    struct stream stream;
    uv_write_t write;
    char *unsent_head; /* of a reply that the system did not take at once */
};

static inline struct exchange *exchange_of(const struct http_request *request) {
    return (struct exchange *)(uintptr_t)request;
}

struct exchange *exchange_create(struct loop *loop, size_t arena_budget); /* NULL: no memory */
void exchange_destroy(struct exchange *exchange);

/* Ready for the next request of `connection`. */
void exchange_begin(struct exchange *exchange, struct connection *connection,
                    const struct http_limits *limits);

/* Gives back what it held beyond what is worth keeping. */
void exchange_rest(struct exchange *exchange);

/* Keeps a copy of the reply and its array of headers. */
void exchange_set_reply(struct exchange *exchange, const struct http_reply *reply);
