/* routes.h - from a request to a command or a query, and from its outcome to the reply.
 *
 * Knows the contract (api/openapi.yaml): who may ask what, what a request may hold, which status
 * and words an outcome gets. Decides nothing about tickets. It is opened before the executor, which
 * tells it of every commit, and attached to it before the first request:
 *
 *     routes_open -> executor_open(on_commit) -> http_server_open(handle, ...) -> routes_attach
 *     http_server_run returns -> routes_drain -> executor_close -> http_server_close ->
 * routes_close
 */
#pragma once

#include <stdbool.h>

#include "base/failure.h"
#include "base/instant.h"
#include "domain/world.h"
#include "http/request.h"
#include "store/store.h"

struct routes;
struct executor;
struct http_server;

/* Requests a second; bursts of twice as many. */
struct rate_settings {
    unsigned per_key;     /* zero: 10,000 */
    unsigned per_address; /* zero: 100; requests without a (sound) key */
    bool off;
    bool limit_loopback; /* else requests from this machine are not limited */
};

/* An option of the server as it is in effect, for people to look at. */
struct option_in_effect {
    const char *name;
    const char *value;  /* without what is secret; NULL: none */
    const char *source; /* "default", "environment", "command_line" */
    const char *description;
};

/* Zero stands for the default. Texts live as long as the routes. */
struct routes_options {
    struct store *store; /* stays the caller's, and outlives the routes */
    struct clock clock;  /* zero: the system's */
    const char *version;
    struct text currency;        /* of events that name none; absent: EUR */
    struct text time_zone;       /* absent: UTC */
    struct text trusted_proxies; /* addresses and networks with commas; absent: none */
    struct text public_url;      /* as browsers see it, "https://…"; absent: by the Host header */
    bool closed_to_public;       /* nobody reads events and availability without a key */
    struct rate_settings rates;
    unsigned reader_threads; /* zero: 2 */
    unsigned queries_max;    /* waiting for them; zero: 4,096, then 503 busy */
    size_t streams_max;      /* live streams at a time; zero: 10,000 */
    const struct option_in_effect *in_effect;
    size_t in_effect_count;
};

/* Reads the keys and starts the readers. ERROR_INVALID: a setting that cannot be. */
MUST_USE enum error routes_open(const struct routes_options *options, struct routes **routes,
                                struct failure *failure);

/* Before the first request. `server` (may be NULL) is asked for its counters. */
void routes_attach(struct routes *routes, struct executor *executor,
                   const struct http_server *server);

/* The handler, the renderer and the observer of the HTTP server; `routes` is their context. */
void routes_handle(void *routes, struct http_request *request);
struct http_reply routes_render_http_error(void *routes, int status, const char *code,
                                           const char *detail, struct arena *arena);
void routes_observe(void *routes, const struct http_request *request, int status, bool delivered);

/* The executor's on_commit. */
void routes_on_commit(void *routes, const struct world *world);

/* Ends the queries and the live streams that are under way and refuses further ones; what was
 * submitted to the executor is not touched. */
void routes_drain(struct routes *routes);

/* Accepts NULL. */
void routes_close(struct routes *routes);
