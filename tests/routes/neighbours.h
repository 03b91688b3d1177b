/* neighbours.h - what the routes talk to, played by the test.
 *
 * An HTTP server and an executor that keep what they are given instead of acting on it. Linked in
 * place of src/http and src/executor; the store is the real one in memory. */
#pragma once

#include "executor/executor.h"
#include "http/request.h"
#include "routes/routes.h"

/* What became of a request: it was answered, or its command reached the executor. */
struct heard {
    bool submitted;
    struct command command;
    int status;
    struct text type, body;
    struct http_header headers[HTTP_REPLY_HEADERS_MAX];
    size_t headers_count;
};

struct neighbours {
    struct store *store;
    struct routes *routes;
    struct arena arena; /* of the requests */
};

/* `options` may be NULL; its store is set here. */
void neighbours_open(struct neighbours *neighbours, const struct routes_options *options);
void neighbours_close(struct neighbours *neighbours);

struct ask {
    enum http_method method;
    const char *path, *query, *body; /* query, body: or NULL */
    struct text raw_body;            /* instead of body */
    const char *headers[8][2];       /* beyond Content-Type */
    const char *peer;                /* NULL: the unix socket, with admin rights */
};

/* Hands the request over and waits for what becomes of it. */
struct heard neighbours_ask(struct neighbours *neighbours, const struct ask *ask);

/* The submission that was heard last gets this outcome; what is then answered. */
struct heard neighbours_decide(const struct outcome *outcome);

/* Absent: the reply has no such header. */
struct text heard_header(const struct heard *heard, const char *name);
