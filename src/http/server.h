/* server.h - bytes to requests, and answers to bytes, for many clients at once.
 *
 * Each event loop is one thread and owns its connections. Every client is held
 * to the limits below: none can spend more than its share of memory, time or
 * connections. What is wrong with the bytes is answered here, without the
 * handler. This layer knows nothing of what the requests are about. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/failure.h"
#include "http/request.h"

/* Zero stands for the default in the comment. */
struct http_limits {
    size_t request_line;            /* 8 KiB, else 414 uri_too_long */
    size_t head;                    /* 16 KiB of header fields, else 431 headers_too_large */
    size_t headers;                 /* 64 header fields (that is the most), else 431 */
    size_t body;                    /* 64 KiB, else 413 payload_too_large */
    size_t arena;                   /* 1 MiB for all that a request and its reply take */
    size_t stream;                  /* 64 KiB waiting in a stream */
    size_t connections;             /* 16,384; fewer where the process may not open as many files */
    size_t connections_per_address; /* 1,024 of an IPv4 address or an IPv6 /64, else 503 */
    unsigned header_ms;             /* 5 s from first byte to blank line, else 408 */
    unsigned idle_ms;               /* 60 s between requests, then closed without a word */
    unsigned grace_ms;              /* 5 s before a body, or a reader, must keep the rate below */
    size_t rate;                    /* 1 KiB/s, else 408, or cut for one that does not read */
    unsigned linger_ms;             /* 2 s in which a refused client may read why */
    unsigned stop_ms;               /* 10 s after http_server_stop() for what is under way */
};

typedef void http_handler(void *context, struct http_request *request);

/* What the layer itself answers: `code` is like "malformed_request", `detail` a sentence for
 * people, both static. The reply's texts are static or in `arena`. */
typedef struct http_reply http_error_renderer(void *context, int status, const char *code,
                                              const char *detail, struct arena *arena);

/* Told of every reply of a handled request on the loop's thread, before the request is
 * forgotten; `delivered` false: the client had gone. Streams report when they are over. */
typedef void http_observer(void *context, const struct http_request *request, int status,
                           bool delivered);

struct http_server_options {
    http_handler *handler;
    http_error_renderer *render_error; /* text/plain if NULL */
    http_observer *observer;           /* may be NULL */
    void *context;                     /* of all three */
    struct http_limits limits;
    unsigned loops;      /* 1; each further one is a thread of its own */
    bool limit_loopback; /* count connections from loopback addresses, too */
};

struct http_server;

/* NULL, and a sentence in `failure`, if the system gives no event loop. */
struct http_server *http_server_open(const struct http_server_options *options,
                                     struct failure *failure);

/* "127.0.0.1:8080", "[::1]:0": a numeric address; port 0 lets the system choose. What was bound
 * is written to `bound`, if that is not NULL. Before http_server_run(). */
enum { HTTP_ADDRESS_SIZE = 64 };
MUST_USE enum error http_server_listen_tcp(struct http_server *server, const char *address,
                                           char bound[HTTP_ADDRESS_SIZE], struct failure *failure);

/* A socket file with mode 0600. A stale one that nobody listens on is replaced; it is removed
 * when the server stops. Before http_server_run(). */
MUST_USE enum error http_server_listen_unix(struct http_server *server, const char *path,
                                            struct failure *failure);

/* Serves, on this thread, until http_server_stop(). The process ignores SIGPIPE from then on. */
MUST_USE enum error http_server_run(struct http_server *server, struct failure *failure);

/* Stops accepting, closes what is idle, answers what was taken on with `Connection: close`, and
 * makes http_server_run() return; what is left after limits.stop_ms is cut. From any thread and
 * from signal handlers; again is harmless. */
void http_server_stop(struct http_server *server);

/* After http_server_run() has returned, and after the last call for any of its requests. Requests
 * that were never answered are forgotten. NULL is fine. */
void http_server_close(struct http_server *server);

struct http_counters {
    uint64_t connections_open, connections_accepted;
    uint64_t connections_refused; /* over a limit */
    uint64_t requests;            /* given to the handler */
    uint64_t requests_refused;    /* answered by the layer itself */
    uint64_t replies_dropped;     /* the client had gone */
    uint64_t deadlines_missed;    /* slow heads, bodies and readers; not idle ones */
    uint64_t bytes_read, bytes_written;
};

/* From any thread; each number is right, they are not of one instant. */
struct http_counters http_server_counters(const struct http_server *server);
