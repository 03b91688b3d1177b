#include "http/connection.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/check.h"
#include "http/answer.h"
#include "http/intake.h"
#include "http/listener.h"
#include "http/loop.h"
#include "http/stream.h"

/* Leaving -------------------------------------------------------------------------------- */

void connection_free_if_done(struct connection *connection) {
    if (!connection->socket_closed || connection->exchange != NULL) {
        return;
    }
    struct loop *loop = connection->loop;
    if (connection->next != NULL) {
        connection->next->previous = connection->previous;
    }
    *(connection->previous != NULL ? &connection->previous->next : &loop->connections) =
        connection->next;
    if (loop->cursor == connection) {
        loop->cursor = connection->next;
    }
    free(connection);
    listeners_answer(loop);
    loop_connection_gone(loop);
}

static void on_closed(uv_handle_t *handle) {
    struct connection *connection = handle->data;
    struct loop *loop = connection->loop;
    connection->socket_closed = true;
    loop->sockets--;
    count(&loop->counters.connections_open, (uint64_t)-1);
    admission_leave(loop->admission, connection->key);
    loop_connection_gone(loop);
    connection_free_if_done(connection);
}

/* The socket is being closed: what becomes of the exchange? */
static void left(struct connection *connection) {
    enum connection_state before = connection->state;
    struct exchange *exchange = connection->exchange;
    connection->state = CONNECTION_CLOSED;
    deadline_clear(&connection->deadline);
    intake_drop(connection);
    switch (before) {
    case CONNECTION_READING:
        connection->exchange = NULL;
        loop_recycle(connection->loop, exchange);
        break;
    case CONNECTION_AWAY:
        atomic_store_explicit(&exchange->client_left, true, memory_order_relaxed);
        break;
    case CONNECTION_STREAMING:
        atomic_store_explicit(&exchange->client_left, true, memory_order_relaxed);
        stream_turn(exchange);
        break;
    case CONNECTION_ANSWERING: /* the write under way settles it */
    case CONNECTION_IDLE:
    case CONNECTION_LINGERING:
    case CONNECTION_CLOSED:
        break;
    }
}

void connection_hang_up(struct connection *connection) {
    if (connection->state != CONNECTION_CLOSED) {
        uv_close(&connection->socket.handle, on_closed);
        left(connection);
    }
}

void connection_cut(struct connection *connection) {
    if (connection->state != CONNECTION_CLOSED) {
        if (connection->socket.handle.type != UV_TCP ||
            uv_tcp_close_reset(&connection->socket.tcp, on_closed) != 0) {
            uv_close(&connection->socket.handle, on_closed);
        }
        left(connection);
    }
}

void connection_drain(struct connection *connection) {
    if (connection->state == CONNECTION_IDLE) {
        connection_hang_up(connection);
    } else if (connection->state == CONNECTION_STREAMING) {
        stream_turn(connection->exchange);
    }
}

void connection_forget(struct connection *connection) {
    struct exchange *exchange = connection->exchange;
    require(connection->state == CONNECTION_CLOSED && connection->socket_closed);
    connection->exchange = NULL;
    if (exchange != NULL) {
        exchange_destroy(exchange);
    }
    connection_free_if_done(connection);
}

void connection_linger(struct connection *connection) {
    uv_os_fd_t fd;
    if (connection->ended || uv_fileno(&connection->socket.handle, &fd) != 0 ||
        shutdown(fd, SHUT_WR) != 0) {
        connection_hang_up(connection);
        return;
    }
    connection->state = CONNECTION_LINGERING;
    intake_drop(connection);
    loop_set_deadline(connection->loop, &connection->deadline, DEADLINE_LINGER);
}

/* Arriving ------------------------------------------------------------------------------- */

static int socket_init(struct connection *connection, uv_stream_t *listener) {
    struct loop *loop = connection->loop;
    if (listener->type == UV_NAMED_PIPE) {
        memcpy(connection->peer, "unix", sizeof "unix");
        return uv_pipe_init(&loop->uv, &connection->socket.pipe, 0);
    }
    return uv_tcp_init(&loop->uv, &connection->socket.tcp);
}

static enum admission_verdict admit(struct connection *connection) {
    struct admission *admission = connection->loop->admission;
    if (connection->socket.handle.type == UV_NAMED_PIPE) {
        return admission_enter(admission, NULL, &connection->key);
    }
    struct sockaddr_storage address;
    int size = sizeof address;
    if (uv_tcp_getpeername(&connection->socket.tcp, (struct sockaddr *)&address, &size) != 0) {
        return ADMISSION_TURNED_AWAY; /* it has gone already */
    }
    uv_tcp_nodelay(&connection->socket.tcp, 1);
    peer_name((const struct sockaddr *)&address, connection->peer);
    return admission_enter(admission, (const struct sockaddr *)&address, &connection->key);
}

static void on_turned_away(uv_handle_t *handle) {
    free(handle->data);
}

bool connection_accept(struct loop *loop, uv_stream_t *listener) {
    struct connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL) {
        return false;
    }
    connection->loop = loop;
    if (socket_init(connection, listener) != 0) {
        free(connection);
        return false;
    }
    connection->socket.handle.data = connection;
    enum admission_verdict verdict = uv_accept(listener, &connection->socket.stream) == 0
                                         ? admit(connection)
                                         : ADMISSION_TURNED_AWAY;
    if (verdict != ADMISSION_GRANTED) {
        count(&loop->counters.connections_refused, 1);
    }
    if (verdict == ADMISSION_TURNED_AWAY) {
        uv_close(&connection->socket.handle, on_turned_away);
        return true;
    }
    connection->next = loop->connections;
    if (connection->next != NULL) {
        connection->next->previous = connection;
    }
    loop->connections = connection;
    loop->sockets++;
    count(&loop->counters.connections_open, 1);
    count(&loop->counters.connections_accepted, 1);
    intake_start(connection);
    if (verdict == ADMISSION_GRANTED) {
        loop_set_deadline(loop, &connection->deadline, DEADLINE_IDLE);
    } else if (intake_begin_request(connection)) {
        answer_refusal(connection, (struct refusal){503, "too_many_connections",
                                                    "There are too many connections."});
    }
    return true;
}

/* Deadlines ------------------------------------------------------------------------------ */

/* Has it kept the rate, after the time of grace? */
static bool keeps_rate(const struct connection *connection, size_t done) {
    const struct http_limits *limits = &connection->loop->options->limits;
    uint64_t elapsed_ms = uv_now(&connection->loop->uv) - connection->rate_since_ms;
    return elapsed_ms < limits->grace_ms ||
           done >= limits->rate * (elapsed_ms - limits->grace_ms) / 1000;
}

static void rate_due(struct connection *connection) {
    bool reading = connection->state == CONNECTION_READING;
    size_t done = reading ? connection->exchange->parser.body.length
                          : connection->rate_total -
                                uv_stream_get_write_queue_size(&connection->socket.stream);
    if (keeps_rate(connection, done)) {
        loop_set_deadline(connection->loop, &connection->deadline, DEADLINE_RATE);
        return;
    }
    count(&connection->loop->counters.deadlines_missed, 1);
    if (reading) {
        answer_refusal(connection,
                       (struct refusal){408, "request_timeout", "The body came too slowly."});
    } else {
        connection_cut(connection);
    }
}

void connection_deadline(struct deadline *deadline) {
    struct connection *connection =
        (struct connection *)(void *)((char *)deadline - offsetof(struct connection, deadline));
    switch (deadline->kind) {
    case DEADLINE_IDLE:
    case DEADLINE_LINGER:
        connection_hang_up(connection);
        break;
    case DEADLINE_HEAD:
        count(&connection->loop->counters.deadlines_missed, 1);
        answer_refusal(connection, (struct refusal){408, "request_timeout",
                                                    "The head of the request came too slowly."});
        break;
    case DEADLINE_RATE:
        rate_due(connection);
        break;
    case DEADLINE_KINDS:
        break;
    }
}
