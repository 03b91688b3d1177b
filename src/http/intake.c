#include "http/intake.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/instant.h"
#include "http/answer.h"
#include "http/connection.h"
#include "http/loop.h"
#include "http/stream.h"

enum { LINGERED_MAX = 1024 * 1024 }; /* bytes that a refused client may still send */

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

static void drop_waiting(struct connection *connection) {
    free(connection->waiting);
    connection->waiting = NULL;
    connection->waiting_from = connection->waiting_length = 0;
}

bool intake_begin_request(struct connection *connection) {
    struct exchange *exchange = loop_take_exchange(connection->loop);
    if (exchange == NULL) {
        connection_hang_up(connection);
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
            connection_hang_up(connection);
        }
    }
}

/* Makes requests of the bytes while none is away; returns how many bytes were used. */
static size_t consume(struct connection *connection, const char *bytes, size_t length) {
    size_t at = 0;
    connection->consuming = true;
    while (at < length &&
           (connection->state == CONNECTION_IDLE || connection->state == CONNECTION_READING)) {
        if (connection->state == CONNECTION_IDLE && !intake_begin_request(connection)) {
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
        connection_hang_up(connection);
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

void intake_next(struct connection *connection) {
    if (connection->loop->stopping) {
        connection_hang_up(connection);
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
        connection_hang_up(connection);
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
        connection_hang_up(connection);
        break;
    case CONNECTION_STREAMING:
        stream_turn(connection->exchange);
        break;
    case CONNECTION_AWAY:
    case CONNECTION_ANSWERING:
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
        connection_hang_up(connection);
        return;
    }
    size_t bytes = (size_t)length, used = 0;
    count(&connection->loop->counters.bytes_read, bytes);
    if (connection->state == CONNECTION_LINGERING) {
        connection->lingered += (uint32_t)bytes;
        if (connection->lingered > LINGERED_MAX) {
            connection_hang_up(connection);
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

void intake_start(struct connection *connection) {
    uv_read_start(&connection->socket.stream, on_alloc, on_read);
}

void intake_drop(struct connection *connection) {
    drop_waiting(connection);
    if (connection->state != CONNECTION_CLOSED) {
        set_paused(connection, false);
    }
}
