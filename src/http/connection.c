#include "http/connection.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/check.h"
#include "base/instant.h"
#include "http/answer.h"
#include "http/listener.h"
#include "http/loop.h"
#include "http/stream.h"

enum { LINGERED_MAX = 1024 * 1024 }; /* bytes that a refused client may still send */

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

static void drop_waiting(struct connection *connection) {
    free(connection->waiting);
    connection->waiting = NULL;
    connection->waiting_from = connection->waiting_length = 0;
}

/* The socket is being closed: what becomes of the exchange? */
static void left(struct connection *connection) {
    enum connection_state before = connection->state;
    struct exchange *exchange = connection->exchange;
    connection->state = CONNECTION_CLOSED;
    deadline_clear(&connection->deadline);
    drop_waiting(connection);
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

void connection_close(struct connection *connection) {
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
        connection_close(connection);
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

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer);
static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer);

static void set_paused(struct connection *connection, bool paused) {
    if (connection->paused != paused && !connection->ended) {
        connection->paused = paused;
        if (paused) {
            uv_read_stop(&connection->socket.stream);
        } else {
            uv_read_start(&connection->socket.stream, on_alloc, on_read);
        }
    }
}

void connection_linger(struct connection *connection) {
    uv_os_fd_t fd;
    if (connection->ended || uv_fileno(&connection->socket.handle, &fd) != 0 ||
        shutdown(fd, SHUT_WR) != 0) {
        connection_close(connection);
        return;
    }
    connection->state = CONNECTION_LINGERING;
    drop_waiting(connection);
    set_paused(connection, false);
    loop_set_deadline(connection->loop, &connection->deadline, DEADLINE_LINGER);
}

/* Reading -------------------------------------------------------------------------------- */

static bool begin_request(struct connection *connection) {
    struct exchange *exchange = loop_take_exchange(connection->loop);
    if (exchange == NULL) {
        connection_close(connection);
        return false;
    }
    exchange_begin(exchange, connection, &connection->loop->options->limits);
    connection->exchange = exchange;
    connection->state = CONNECTION_READING;
    return true;
}

static void hand_over(struct connection *connection) {
    struct loop *loop = connection->loop;
    struct exchange *exchange = connection->exchange;
    struct http_request *request = &exchange->request;
    connection->state = CONNECTION_AWAY;
    deadline_clear(&connection->deadline);
    request->via_unix_socket = connection->socket.handle.type == UV_NAMED_PIPE;
    request->peer = text_of(connection->peer);
    request->arrived_us = monotonic_us();
    exchange->phase = EXCHANGE_HANDED;
    count(&loop->counters.requests, 1);
    loop->options->handler(loop->options->context, request);
}

/* The request is not whole yet. */
static void await_more(struct connection *connection) {
    struct loop *loop = connection->loop;
    struct parser *parser = &connection->exchange->parser;
    bool deadline_is_set = connection->deadline.next != NULL;
    if (parser->state == PARSER_HEAD) {
        if (!deadline_is_set || connection->deadline.kind != DEADLINE_HEAD) {
            loop_set_deadline(loop, &connection->deadline, DEADLINE_HEAD);
        }
        return;
    }
    if (!deadline_is_set || connection->deadline.kind != DEADLINE_RATE) {
        connection->rate_since_ms = uv_now(&loop->uv);
        loop_set_deadline(loop, &connection->deadline, DEADLINE_RATE);
    }
    if (parser->expects_continue && parser->body.length == 0) {
        parser->expects_continue = false;
        uv_buf_t go_on = uv_buf_init((char[]){"HTTP/1.1 100 Continue\r\n\r\n"}, 25);
        /* Nothing is queued here: whoever does not even take this is no loss. */
        if (uv_try_write(&connection->socket.stream, &go_on, 1) != 25) {
            connection_close(connection);
        }
    }
}

/* Makes requests of the bytes while none is away; returns how many bytes were used. */
static size_t consume(struct connection *connection, const char *bytes, size_t length) {
    size_t at = 0;
    connection->consuming = true;
    while (at < length &&
           (connection->state == CONNECTION_IDLE || connection->state == CONNECTION_READING)) {
        if (connection->state == CONNECTION_IDLE && !begin_request(connection)) {
            break;
        }
        struct parser *parser = &connection->exchange->parser;
        at += parser_feed(parser, bytes + at, length - at);
        connection->unread = at < length;
        if (parser->state == PARSER_COMPLETE) {
            hand_over(connection);
        } else if (parser->state == PARSER_REFUSED) {
            answer_refusal(connection, parser->refusal);
        }
    }
    connection->consuming = false;
    if (connection->state == CONNECTION_READING) {
        await_more(connection);
    }
    return at;
}

/* Keeps what cannot be looked at before the request that is away is answered. */
static void keep_waiting(struct connection *connection, const char *bytes, size_t length) {
    if (connection->waiting == NULL && (connection->waiting = malloc(READ_MAX)) == NULL) {
        connection_close(connection);
        return;
    }
    uint32_t end = connection->waiting_from + connection->waiting_length;
    ensure(length <= READ_MAX - connection->waiting_length);
    if (length > READ_MAX - end) {
        memmove(connection->waiting, connection->waiting + connection->waiting_from,
                connection->waiting_length);
        connection->waiting_from = 0;
        end = connection->waiting_length;
    }
    memcpy(connection->waiting + end, bytes, length);
    connection->waiting_length += (uint32_t)length;
    if (connection->waiting_length == READ_MAX) {
        set_paused(connection, true);
    }
}

void connection_next(struct connection *connection) {
    connection->state = CONNECTION_IDLE;
    if (connection->loop->stopping) {
        connection_close(connection);
        return;
    }
    loop_set_deadline(connection->loop, &connection->deadline, DEADLINE_IDLE);
    if (connection->consuming) {
        return; /* it goes on further up */
    }
    if (connection->waiting != NULL) {
        size_t used = consume(connection, connection->waiting + connection->waiting_from,
                              connection->waiting_length);
        if (connection->waiting == NULL) {
            return; /* closed, or lingering */
        }
        connection->waiting_from += (uint32_t)used;
        connection->waiting_length -= (uint32_t)used;
        if (connection->waiting_length > 0) {
            return;
        }
        drop_waiting(connection);
    }
    set_paused(connection, false);
    if (connection->ended &&
        (connection->state == CONNECTION_IDLE || connection->state == CONNECTION_READING)) {
        connection_close(connection);
    }
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
    (void)suggested;
    /* One buffer for all: nothing stays in it. No more is read than may wait. */
    struct connection *connection = handle->data;
    *buffer = uv_buf_init(connection->loop->read_buffer, READ_MAX - connection->waiting_length);
}

static void input_ended(struct connection *connection) {
    connection->ended = true;
    switch (connection->state) {
    case CONNECTION_IDLE:
    case CONNECTION_READING:
    case CONNECTION_LINGERING:
        connection_close(connection);
        break;
    case CONNECTION_AWAY:
    case CONNECTION_ANSWERING:
    case CONNECTION_STREAMING:
    case CONNECTION_CLOSED:
        break;
    }
}

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer) {
    struct connection *connection = stream->data;
    if (length == UV_EOF) {
        input_ended(connection);
        return;
    }
    if (length < 0) {
        connection_close(connection);
        return;
    }
    size_t bytes = (size_t)length, used = 0;
    count(&connection->loop->counters.bytes_read, bytes);
    if (connection->state == CONNECTION_LINGERING) {
        connection->lingered += (uint32_t)bytes;
        if (connection->lingered > LINGERED_MAX) {
            connection_close(connection);
        }
        return;
    }
    if (connection->waiting == NULL) {
        used = consume(connection, buffer->base, bytes);
    }
    if (used < bytes && connection->state != CONNECTION_CLOSED &&
        connection->state != CONNECTION_LINGERING) {
        keep_waiting(connection, buffer->base + used, bytes - used);
    }
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
    uv_read_start(&connection->socket.stream, on_alloc, on_read);
    if (verdict == ADMISSION_GRANTED) {
        loop_set_deadline(loop, &connection->deadline, DEADLINE_IDLE);
    } else if (begin_request(connection)) {
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
        connection_close(connection);
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
