/* load.h - one client program for both servers, so that neither pays for a slower one.
 *
 * One thread, one epoll set, keep-alive connections over TCP loopback; each connection has one
 * request under way and sends the next as soon as it has read the answer whole. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "samples.h"

enum { REQUEST_MAX = 2048, REPLY_MAX = 8192 };

/* How a server is spoken to. */
struct dialect {
    /* Puts a fresh request into `buffer`; its length. */
    size_t (*request)(void *context, char *buffer);
    /* Length of the whole reply that `bytes` begins with, 0 while it is not whole; *good says
     * whether it is the one that was hoped for. */
    size_t (*reply)(void *context, const char *bytes, size_t length, bool *good);
    void *context;
};

struct load {
    int port, connections;
    const struct dialect *dialect;
    double seconds;
    uint64_t requests_max; /* 0: as many as there is time for */
};

/* Fills rate and percentiles. False, with a line on stderr, when a connection breaks or a reply is
 * not good. */
bool load_run(const struct load *load, struct measure *measure);

/* Opens connections that say nothing, after one request each; the descriptors go to `list`. */
bool load_open_idle(const struct load *load, int *list);
