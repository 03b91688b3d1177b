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
void neighbours_open(struct neighbours *made, const struct routes_options *options);
void neighbours_close(struct neighbours *made);

struct ask {
    enum http_method method;
    const char *path, *query, *body; /* query, body: or NULL */
    struct text raw_body;            /* instead of body */
    const char *headers[8][2];       /* beyond Content-Type */
    const char *peer;                /* NULL: the unix socket, with admin rights */
};

/* For groups of tests that share one: set up before, torn down after. */
extern struct neighbours neighbours;
int neighbours_set_up(void **state);
int neighbours_tear_down(void **state);

/* Hands the request over and waits for what becomes of it. */
struct heard neighbours_ask(struct neighbours *asked, const struct ask *ask);

/* For what does not begin with a request: forget what was heard, then wait for something new. */
void neighbours_expect(void);
struct heard neighbours_wait(void);

/* The executor's store is away, for this reason; NULL: it is back. */
void neighbours_cut_off(const char *why, struct instant since);

/* The submission that was heard last gets this outcome; what is then answered. */
struct heard neighbours_decide(const struct outcome *outcome);

/* The path of a route, with NEIGHBOURS_ID where it takes an id. */
#define NEIGHBOURS_ID "01900000-0000-7000-8000-000000000001"
struct route;
const char *neighbours_path(const struct route *route, char path[128]);

/* Whether the body of the reply has these words in it. */
bool heard_says(const struct heard *heard, const char *words);

/* Absent: the reply has no such header. */
struct text heard_header(const struct heard *heard, const char *name);
