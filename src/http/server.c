#include "http/server.h"

#include <signal.h>
#include <stdlib.h>

#include "base/check.h"
#include "http/head.h"
#include "http/listener.h"
#include "http/loop.h"

struct http_server {
    struct http_server_options options;
    struct admission admission;
    unsigned loops_count;
    struct loop loops[];
};

enum { SECOND_MS = 1000 };

static const size_t KIB = 1024;

enum {
    LOOPS_MAX = 256,
    /* One chunk must fit an empty buffer of a stream, with its frame. */
    STREAM_MIN = 2 * HTTP_STREAM_CHUNK_MAX,
};

static void size_default(size_t *limit, size_t value) {
    *limit = *limit == 0 ? value : *limit;
}

static void span_default(unsigned *span_ms, unsigned value_ms) {
    *span_ms = *span_ms == 0 ? value_ms : *span_ms;
}

static void limits_complete(struct http_limits *limits) {
    size_default(&limits->request_line, 8 * KIB);
    size_default(&limits->head, 16 * KIB);
    size_default(&limits->headers, HEAD_FIELDS_MAX);
    size_default(&limits->body, 64 * KIB);
    size_default(&limits->arena, KIB * KIB);
    size_default(&limits->stream, 64 * KIB);
    size_default(&limits->connections, 16384);
    size_default(&limits->connections_per_address, 1024);
    span_default(&limits->header_ms, 5 * SECOND_MS);
    span_default(&limits->idle_ms, 60 * SECOND_MS);
    span_default(&limits->grace_ms, 5 * SECOND_MS);
    size_default(&limits->rate, 1024);
    span_default(&limits->linger_ms, 2 * SECOND_MS);
    span_default(&limits->stop_ms, 10 * SECOND_MS);
    limits->headers = limits->headers < HEAD_FIELDS_MAX ? limits->headers : HEAD_FIELDS_MAX;
    limits->stream = limits->stream > STREAM_MIN ? limits->stream : STREAM_MIN;
}

struct http_server *http_server_open(const struct http_server_options *options,
                                     struct failure *failure) {
    require(options->handler != NULL && options->loops <= LOOPS_MAX);
    unsigned loops_count = options->loops == 0 ? 1 : options->loops;
    struct http_server *server = calloc(1, sizeof *server + loops_count * sizeof server->loops[0]);
    if (server == NULL) {
        failure_set(failure, ERROR_MEMORY, "no memory for an HTTP server");
        return NULL;
    }
    server->options = *options;
    limits_complete(&server->options.limits);
    admission_init(&server->admission, &server->options.limits, options->limit_loopback);
    while (server->loops_count < loops_count) {
        struct loop *loop = &server->loops[server->loops_count];
        if (loop_open(loop, &server->options, &server->admission, failure) != ERROR_NONE) {
            http_server_close(server);
            return NULL;
        }
        server->loops_count++;
    }
    return server;
}

enum error http_server_listen_tcp(struct http_server *server, const char *address,
                                  char bound[HTTP_ADDRESS_SIZE], struct failure *failure) {
    char first[HTTP_ADDRESS_SIZE], other[HTTP_ADDRESS_SIZE];
    bool shared = server->loops_count > 1;
    enum error error = listener_open_tcp(&server->loops[0], address, shared, first, failure);
    /* The others listen where the first one does: its port may have been the system's choice. */
    for (unsigned i = 1; i < server->loops_count && error == ERROR_NONE; i++) {
        error = listener_open_tcp(&server->loops[i], first, shared, other, failure);
    }
    if (error == ERROR_NONE && bound != NULL) {
        memcpy(bound, first, sizeof first);
    }
    return error;
}

enum error http_server_listen_unix(struct http_server *server, const char *path,
                                   struct failure *failure) {
    return listener_open_unix(&server->loops[0], path, failure);
}

static void thread_main(void *loop) {
    loop_run(loop);
}

enum error http_server_run(struct http_server *server, struct failure *failure) {
    uv_thread_t threads[LOOPS_MAX];
    unsigned started = 1;
    enum error error = ERROR_NONE;
    /* Writing to a client that has gone is an error of that write, no reason to die. */
    signal(SIGPIPE, SIG_IGN);
    while (started < server->loops_count && error == ERROR_NONE) {
        int status = uv_thread_create(&threads[started], thread_main, &server->loops[started]);
        if (status == 0) {
            started++;
        } else {
            error = failure_set(failure, ERROR_UNAVAILABLE, "no thread for an event loop: %s",
                                uv_strerror(status));
            http_server_stop(server);
        }
    }
    loop_run(&server->loops[0]);
    while (started > 1) {
        uv_thread_join(&threads[--started]);
    }
    return error;
}

void http_server_stop(struct http_server *server) {
    for (unsigned i = 0; i < server->loops_count; i++) {
        loop_stop(&server->loops[i]);
    }
}

void http_server_close(struct http_server *server) {
    if (server == NULL) {
        return;
    }
    for (unsigned i = 0; i < server->loops_count; i++) {
        loop_close(&server->loops[i]);
    }
    admission_finish(&server->admission);
    free(server);
}

static uint64_t now(const _Atomic uint64_t *counter) {
    return atomic_load_explicit(counter, memory_order_relaxed);
}

struct http_counters http_server_counters(const struct http_server *server) {
    struct http_counters sum = {0};
    for (unsigned i = 0; i < server->loops_count; i++) {
        const struct loop_counters *one = &server->loops[i].counters;
        sum.connections_open += now(&one->connections_open);
        sum.connections_accepted += now(&one->connections_accepted);
        sum.connections_refused += now(&one->connections_refused);
        sum.requests += now(&one->requests);
        sum.requests_refused += now(&one->requests_refused);
        sum.replies_dropped += now(&one->replies_dropped);
        sum.deadlines_missed += now(&one->deadlines_missed);
        sum.bytes_read += now(&one->bytes_read);
        sum.bytes_written += now(&one->bytes_written);
    }
    return sum;
}
