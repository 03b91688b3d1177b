/* admission.h - may one more client come in?
 *
 * Shared by all loops; thread-safe. Some more than the limit are let in to be told so; beyond
 * those, nobody is. */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "http/peers.h"
#include "http/server.h"

enum admission_verdict {
    ADMISSION_GRANTED,
    ADMISSION_REFUSED, /* take it in, say 503, and close */
    ADMISSION_TURNED_AWAY,
};

struct admission {
    pthread_mutex_t mutex;
    struct peers peers;
    size_t connections, connections_max, refused_max, per_address_max;
    bool limit_loopback;
};

/* Raises the process's soft limit of open files as far as the limit needs; where the hard one does
 * not allow it, the limit is lowered, and limits->connections is set to that. */
void admission_init(struct admission *admission, struct http_limits *limits, bool limit_loopback);
void admission_finish(struct admission *admission);

/* `address` NULL: a unix socket, which counts for the total only and has room of its own beyond
 * the limit. Unless turned away, *key must be given back to admission_leave(). */
enum admission_verdict admission_enter(struct admission *admission, const struct sockaddr *address,
                                       struct peer_key *key);
void admission_leave(struct admission *admission, struct peer_key key);
