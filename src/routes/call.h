/* call.h - one request on its way through here: who asks, for what, and how it is answered.
 *
 * A handler answers by returning one of the call_… functions below that make a `struct answered`:
 *
 *     call_refuse()   a problem, at once
 *     call_reply()    a body, at once
 *     call_query()    from a reader's thread: the function it names answers there
 *     body_submit()   from the lane's thread, when the command has been decided (body.h)
 *
 * Afterwards the call must not be touched. It lives in the request's arena. */
#pragma once

#include "base/json_writer.h"
#include "executor/executor.h"
#include "http/request.h"
#include "routes/problem.h"
#include "routes/router.h"
#include "store/reader.h"

struct routes;
struct key_record;

/* The headers that are read here; absent where the request has none. */
struct call_headers {
    struct text accept, accept_encoding, acting_user, authorization, content_type, cookie,
        forwarded_for, host, idempotency_key, if_match, if_none_match, last_event_id, origin,
        request_id, sec_fetch_site;
};

struct call {
    struct routes *routes;
    struct http_request *http;
    const struct route *route;
    struct text parameter; /* of the path */
    struct uuid id;        /* the same, where it is an id */
    struct text request_id;
    struct call_headers headers;
    struct text client;          /* where it comes from (client.h) */
    const char *repeated_header; /* one that must not be there twice, and is */
    struct caller caller;
    struct uuid principal;               /* whose idempotency keys these are */
    const struct staff *staff;           /* who is signed in by a cookie, or NULL */
    const struct staff_session *session; /* the session, likewise */
    bool looked_again;                   /* for the session, in the store */
    enum reach reach;                    /* what the caller may do with this route */
    enum problem problem; /* what it was answered with, for the statistics; else PROBLEMS_COUNT */

    struct submission submission;
    struct item item;   /* of a command that has just one */
    const char *secret; /* of a key that was just made: shown once, by the reply */

    struct answered (*query)(struct call *call, struct store_reader *reader);
    void *subject;         /* what the query needs to know */
    struct arena *scratch; /* of the reader's thread while the query runs; else NULL */
    struct call *next;
};

/* Makes a call in the request's arena and reads the headers; NULL when that is spent. */
struct call *call_begin(struct routes *routes, struct http_request *request);

static inline struct arena *call_arena(const struct call *call) {
    return call->http->arena;
}

/* For what is done with when the query returns: rows that are read, JSON before it is whole. It is
 * much larger than the request's arena, and given back at once. */
static inline struct arena *call_scratch(const struct call *call) {
    return call->scratch != NULL ? call->scratch : call->http->arena;
}

struct executor *call_executor(const struct call *call);

/* A header of the reply. An absent value (a spent arena, or none) leaves it out. */
struct reply_headers {
    struct http_header list[HTTP_REPLY_HEADERS_MAX - 2];
    size_t count;
};
void reply_header(struct reply_headers *headers, struct text name, struct text value);

/* JSON with this status; it is copied where it was written to the scratch. `headers` may be NULL.
 * A body that does not fit is a 413. */
struct answered call_reply(struct call *call, int status, const struct json_writer *json,
                           const struct reply_headers *headers);

/* Any body; `type` absent and an empty body for 304. */
struct answered call_reply_text(struct call *call, int status, struct text type, struct text body,
                                const struct reply_headers *headers);

/* A problem without facts. `detail` is for people; NULL: what the code means. */
struct answered call_refuse(struct call *call, enum problem problem, const char *detail);

/* The path is there, but only for these methods ("GET, HEAD"). */
struct answered call_refuse_method(struct call *call, const char *allow);

/* What a reader could not do: not_found, busy or store_unavailable. */
struct answered call_refuse_error(struct call *call, enum error error,
                                  const struct failure *failure);

/* Goes on in `query` on a reader's thread; busy where too many wait already. */
struct answered call_query(struct call *call,
                           struct answered (*query)(struct call *call, struct store_reader *reader),
                           void *subject);

/* Begins a problem: the object is left open for facts, then problem_send(). */
void problem_begin(struct call *call, enum problem problem, struct text detail,
                   struct json_writer *json);
struct answered problem_send(struct call *call, struct json_writer *json,
                             struct reply_headers *headers);

/* One thing wrong with the request itself. `pointer` is a JSON pointer, or the name of a parameter
 * or header; `code` is one of the contract's words for it. */
struct fault {
    struct text pointer;
    const char *code;
    struct text detail;
    struct fault *next;
};
enum { FAULTS_MAX = 20 }; /* that one answer names */
struct answered call_refuse_faults(struct call *call, const struct fault *faults);
