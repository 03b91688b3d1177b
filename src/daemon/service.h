/* service.h - a database and everything that serves it: store, executor, routes, HTTP.
 *
 * The one place where the modules are put together, and taken apart again in the
 * order that loses nothing: the server stops and answers what it took on, then
 * the executor drains, then the rest closes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "http/server.h"

struct service;
struct option_in_effect;

struct service_options {
    const char *database; /* "sqlite:FILE", "postgres://…" */
    const char *listen;   /* "127.0.0.1:8080"; NULL: none */
    /* A unix socket with admin rights; NULL: beside the file of a database, else none. */
    const char *socket;
    bool no_create; /* a file that is not there is an error */
    bool is_brief;  /* for one command's sake: few threads, and no sweep */
    bool public_reads;
    const char *trusted_proxies;             /* NULL: none */
    const char *public_url;                  /* NULL: by the Host header */
    const char *currency, *time_zone;        /* of events that name none */
    unsigned lanes;                          /* zero: the executor's choice */
    size_t inbox_max;                        /* zero: the executor's default */
    unsigned rate_per_key, rate_per_address; /* requests a second; zero: the defaults of routes */
    size_t streams_max;                      /* zero: the default of routes */
    unsigned loops;                          /* threads that speak HTTP; zero: one */
    struct http_limits limits;
    const struct option_in_effect *in_effect; /* for people to look at */
    size_t in_effect_count;
};

/* Whether it could listen there now, before anything is made that takes its time. */
MUST_USE enum error service_try_address(const char *listen, struct failure *failure);

MUST_USE enum error service_open(const struct service_options *options, struct service **service,
                                 struct failure *failure);

/* Where it listens, with the port that the system chose; NULL without TCP. */
const char *service_address(const struct service *service);

/* Serves on this thread until service_stop(). */
MUST_USE enum error service_run(struct service *service, struct failure *failure);

/* From any thread: answers what was taken on, refuses the rest. Again is harmless. */
void service_stop(struct service *service);

/* After service_run() has returned. Accepts NULL. */
void service_close(struct service *service);

enum { SOCKET_PATH_SIZE = 108 };

/* "sqlite:FILE" -> "FILE.sock", beside what FILE links to if it is a symbolic link; empty for a
 * database that is no file. ERROR_INVALID: it is no database at all, or the path is longer than the
 * system takes. */
MUST_USE enum error service_socket_path(const char *database, char path[SOCKET_PATH_SIZE],
                                        struct failure *failure);
