/* request.h - one request, and the one answer that it gets.
 *
 * The handler is given a request on the thread of its event loop. From then on
 * the request belongs to the application, on any thread, one at a time, until
 * it is answered: by http_request_reply(), or by http_stream_begin() … _end().
 * Exactly one of the two, exactly once; afterwards the request must not be
 * touched. A client that left meanwhile changes nothing in that: its answer is
 * dropped here.
 *
 * Everything a request points to lives in its arena, until it is answered. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

/* Any other method was answered 501 before the handler. */
enum http_method {
    HTTP_METHOD_GET,
    HTTP_METHOD_HEAD, /* answer as if it were GET: the body is left out here */
    HTTP_METHOD_POST,
    HTTP_METHOD_PUT,
    HTTP_METHOD_PATCH,
    HTTP_METHOD_DELETE,
    HTTP_METHOD_OPTIONS,
};

/* "GET", "HEAD", … */
const char *http_method_name(enum http_method method);

struct http_header {
    struct text name, value;
};

struct http_request {
    enum http_method method;
    struct text path;  /* starts with '/', or is "*" for OPTIONS; still percent-encoded */
    struct text query; /* behind the '?', still percent-encoded; absent without one */
    struct text body;  /* empty, never absent, where there is none; chunks are joined */
    const struct http_header *headers;
    size_t headers_count;
    struct text peer;     /* "192.0.2.7" or "2001:db8::1"; "unix" over a unix socket */
    bool via_unix_socket; /* the file system let the client in */
    int64_t arrived_us;   /* monotonic_us() when its last byte was read */
    struct arena *arena;  /* for the application as well, the body of the reply included */
    void *application;    /* the application's own; NULL at first */
};

/* The first header of that name (letters of either case), absent without one. */
struct text http_request_header(const struct http_request *request, struct text name);

/* True once the client is known to have gone: work for it may be spared, but the
 * request must be answered all the same. */
bool http_request_client_left(const struct http_request *request);

enum { HTTP_REPLY_HEADERS_MAX = 16 };

/* Content-Length, Date and Connection are added here and never given. A value with a
 * control character, or headers of more than 8 KiB, become a 500 internal_error. */
struct http_reply {
    int status;
    struct text content_type;          /* absent: no Content-Type */
    struct text body;                  /* in the request's arena, or static */
    const struct http_header *headers; /* this array is copied, the texts are not */
    size_t headers_count;              /* at most HTTP_REPLY_HEADERS_MAX */
};

/* Answers, from any thread. On the loop's own thread the answer is written at once;
 * from others it is handed over. */
void http_request_reply(struct http_request *request, const struct http_reply *reply);

/* Answers of unknown length: CSV exports, server-sent events. -------------------------- */

enum http_stream_event {
    HTTP_STREAM_ROOM, /* a write was refused as full: there is room again */
    HTTP_STREAM_MUTE, /* the client sends no more: it has closed its side, or both */
    HTTP_STREAM_GONE, /* nobody listens any more: end it */
    HTTP_STREAM_STOP, /* the server stops: an answer without end should end now */
    HTTP_STREAM_OVER, /* the last call, after http_stream_end(): `context` may be freed */
};

/* Called on the thread of the loop; writing and ending from within is allowed. */
typedef void http_stream_watcher(void *context, enum http_stream_event event);

/* Sends the head of `reply` (its body is ignored) and leaves the rest to the writes.
 * Chunked for HTTP/1.1, ended by closing for HTTP/1.0, swallowed for HEAD. */
void http_stream_begin(struct http_request *request, const struct http_reply *reply,
                       http_stream_watcher *watcher, void *context);

enum http_stream_write {
    HTTP_STREAM_TAKEN,
    HTTP_STREAM_FULL, /* nothing was taken: HTTP_STREAM_ROOM will follow */
    HTTP_STREAM_LOST, /* nothing was taken, nor will be: end it */
};

enum { HTTP_STREAM_CHUNK_MAX = 16 * 1024 };

/* Copies up to HTTP_STREAM_CHUNK_MAX bytes into the bounded buffer of the stream. From any
 * thread, one at a time. */
enum http_stream_write http_stream_write(struct http_request *request, struct text chunk);

/* Bytes that were written and that the network has not begun to take: much of it, and the client is
 * slow. */
size_t http_stream_waiting(struct http_request *request);

/* What was written still goes out. With `complete` false the connection is cut, so that
 * nobody takes half an export for a whole one. */
void http_stream_end(struct http_request *request, bool complete);
