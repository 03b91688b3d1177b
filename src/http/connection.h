/* connection.h - one client, from accept to close.
 *
 *              bytes             last byte              reply
 *   +-> IDLE --------> READING -----------> AWAY -----------------> ANSWERING
 *   |                     |                  |  stream begins          |
 *   |                     | wrong bytes      +---------> STREAMING     |
 *   |                     v                                  |         |
 *   |                 ANSWERING                              |         |
 *   |                     |                                  v         v
 *   |                     |                        written, keep-alive?
 *   +---------------------|---------------------------- yes -+-- no --+
 *                         v                                           v
 *                     LINGERING (what the client still sends is dropped) -> CLOSED
 *
 * One request at a time is away. What a client sends meanwhile waits, up to READ_MAX bytes;
 * then its socket is not read any more. So answers are in order, and no client holds more than
 * one exchange, one such buffer, and what the system buffers. An end of input is no reason to
 * go: the client may have closed its side only. A reset is.
 *
 * Every state but AWAY has a deadline. CLOSED is reached from any state, and the memory is freed
 * once the socket is closed and the request, if one is away, has come back. */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "http/deadline.h"
#include "http/peers.h"

struct exchange;
struct loop;

enum connection_state {
    CONNECTION_IDLE,
    CONNECTION_READING,
    CONNECTION_AWAY,
    CONNECTION_ANSWERING,
    CONNECTION_STREAMING,
    CONNECTION_LINGERING,
    CONNECTION_CLOSED,
};

struct connection {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } socket;
    struct loop *loop;
    struct connection *next, *previous; /* of the loop */
    struct exchange *exchange;
    struct deadline deadline;
    enum connection_state state;
    bool paused;    /* not read: too much waits */
    bool ended;     /* the client sends no more */
    bool consuming; /* further up the stack */
    bool unread;    /* bytes that came with the request are left */
    bool closing;   /* the answer under way is the last one */
    bool refused;   /* that answer was a refusal */
    bool socket_closed;
    char *waiting; /* READ_MAX bytes, NULL if nothing waits */
    uint32_t waiting_from, waiting_length;
    uint32_t lingered;      /* bytes dropped */
    uint64_t rate_since_ms; /* when the body, or the write, began */
    size_t rate_total;      /* bytes of the write */
    struct peer_key key;
    char peer[INET6_ADDRSTRLEN];
};

/* False if there was no memory: the client waits, and others behind it. */
bool connection_accept(struct loop *loop, uv_stream_t *listener);

void connection_deadline(struct deadline *deadline);

/* The loop stops: goes at once if nothing is under way. */
void connection_drain(struct connection *connection);

void connection_hang_up(struct connection *connection);

/* Closes in a way that the client cannot take for a proper end. */
void connection_cut(struct connection *connection);

/* When the loop does not run any more: frees it with its exchange. */
void connection_forget(struct connection *connection);

/* Its last answer, a refusal, is out: lets the client read it before the socket is closed, which
 * would destroy the answer if anything is left unread. */
void connection_linger(struct connection *connection);

/* Frees it if nothing holds it any more. */
void connection_free_if_done(struct connection *connection);
