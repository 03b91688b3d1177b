#include "http/answer.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "http/connection.h"
#include "http/intake.h"
#include "http/loop.h"
#include "http/stream.h"

static const struct refusal broken_reply = {500, "internal_error",
                                            "The server could not write its answer."};

void answer_over(struct connection *connection, bool delivered) {
    struct loop *loop = connection->loop;
    struct exchange *exchange = connection->exchange;
    bool handled = exchange->phase != EXCHANGE_READING;
    if (handled && !delivered) {
        count(&loop->counters.replies_dropped, 1);
    }
    if (handled && loop->options->observer != NULL) {
        loop->options->observer(loop->options->context, &exchange->request, exchange->reply.status,
                                delivered);
    }
    connection->exchange = NULL;
    loop_recycle(loop, exchange);
    if (connection->state == CONNECTION_CLOSED) {
        connection_free_if_done(connection);
        return;
    }
    connection->state = CONNECTION_IDLE;
    if (!connection->closing) {
        intake_next(connection);
    } else if (connection->refused || connection->unread || connection->waiting != NULL) {
        connection_linger(connection);
    } else {
        connection_hang_up(connection);
    }
}

static void on_written(uv_write_t *write, int status) {
    struct exchange *exchange =
        (struct exchange *)(void *)((char *)write - offsetof(struct exchange, write));
    struct connection *connection = exchange->connection;
    free(exchange->unsent_head);
    exchange->unsent_head = NULL;
    if (status == 0) {
        count(&connection->loop->counters.bytes_written, connection->rate_total);
    }
    deadline_clear(&connection->deadline);
    if (exchange->phase == EXCHANGE_STREAMING) {
        stream_sent(exchange, status == 0);
        return;
    }
    if (status < 0) {
        connection_hang_up(connection);
    }
    answer_over(connection, status == 0);
}

/* Leaves the rest of a write to libuv. */
static enum sending queue(struct connection *connection, struct text head, struct text body) {
    struct exchange *exchange = connection->exchange;
    uv_buf_t buffers[2];
    unsigned count = 0;
    if (head.length > 0) {
        exchange->unsent_head = malloc(head.length);
        if (exchange->unsent_head == NULL) {
            connection_hang_up(connection);
            return SENDING_LOST;
        }
        memcpy(exchange->unsent_head, head.bytes, head.length);
        buffers[count++] = uv_buf_init(exchange->unsent_head, (unsigned)head.length);
    }
    if (body.length > 0) {
        buffers[count++] = uv_buf_init((char *)(uintptr_t)body.bytes, (unsigned)body.length);
    }
    if (uv_write(&exchange->write, &connection->socket.stream, buffers, count, on_written) != 0) {
        free(exchange->unsent_head);
        exchange->unsent_head = NULL;
        connection_hang_up(connection);
        return SENDING_LOST;
    }
    connection->rate_since_ms = uv_now(&connection->loop->uv);
    connection->rate_total = head.length + body.length;
    loop_set_deadline(connection->loop, &connection->deadline, DEADLINE_RATE);
    return SENDING_QUEUED;
}

enum sending answer_send(struct connection *connection, struct text head, struct text body) {
    uv_buf_t buffers[2] = {
        uv_buf_init((char *)(uintptr_t)head.bytes, (unsigned)head.length),
        uv_buf_init((char *)(uintptr_t)body.bytes, (unsigned)body.length),
    };
    int written = uv_try_write(&connection->socket.stream, buffers, body.length > 0 ? 2 : 1);
    if (written < 0 && written != UV_EAGAIN) {
        connection_hang_up(connection);
        return SENDING_LOST;
    }
    size_t sent = written < 0 ? 0 : (size_t)written;
    count(&connection->loop->counters.bytes_written, sent);
    if (sent == head.length + body.length) {
        return SENDING_DONE;
    }
    size_t of_head = sent < head.length ? sent : head.length;
    size_t of_body = sent - of_head;
    return queue(connection, (struct text){head.bytes + of_head, head.length - of_head},
                 (struct text){body.bytes + of_body, body.length - of_body});
}

static struct http_reply render(struct loop *loop, struct refusal refusal, struct arena *arena) {
    if (loop->options->render_error != NULL) {
        return loop->options->render_error(loop->options->context, refusal.status, refusal.code,
                                           refusal.detail, arena);
    }
    return (struct http_reply){.status = refusal.status,
                               .content_type = TEXT("text/plain; charset=utf-8"),
                               .body = text_of(refusal.detail)};
}

struct text answer_head(struct connection *connection, bool stream) {
    struct loop *loop = connection->loop;
    struct exchange *exchange = connection->exchange;
    bool http_1_0 = exchange->parser.http_1_0;
    connection->closing = connection->refused || !exchange->parser.keep_alive || loop->stopping ||
                          (stream && http_1_0);
    struct reply_form form = {.framing = !stream    ? FRAMING_LENGTH
                                         : http_1_0 ? FRAMING_CLOSE
                                                    : FRAMING_CHUNKED,
                              .close = connection->closing,
                              .http_1_0 = http_1_0};
    size_t length = reply_head_write(loop->head_buffer, &exchange->reply, form, &loop->date);
    return length == 0 ? TEXT_NONE : (struct text){loop->head_buffer, length};
}

static void write_reply(struct connection *connection) {
    struct exchange *exchange = connection->exchange;
    connection->state = CONNECTION_ANSWERING;
    struct text head = answer_head(connection, false);
    if (text_is_absent(head)) {
        struct http_reply reply = render(connection->loop, broken_reply, &exchange->arena);
        exchange_set_reply(exchange, &reply);
        head = answer_head(connection, false);
        ensure(!text_is_absent(head));
    }
    bool bare = exchange->request.method == HTTP_METHOD_HEAD ||
                !reply_may_have_body(exchange->reply.status);
    enum sending sending = answer_send(connection, head, bare ? TEXT("") : exchange->reply.body);
    if (sending != SENDING_QUEUED) {
        answer_over(connection, sending == SENDING_DONE);
    }
}

void answer_deliver(struct exchange *exchange) {
    struct connection *connection = exchange->connection;
    if (connection->state == CONNECTION_CLOSED) {
        answer_over(connection, false);
        return;
    }
    require(connection->state == CONNECTION_AWAY);
    write_reply(connection);
}

void answer_refusal(struct connection *connection, struct refusal refusal) {
    struct exchange *exchange = connection->exchange;
    count(&connection->loop->counters.requests_refused, 1);
    deadline_clear(&connection->deadline);
    connection->refused = true;
    /* What was read is not needed any more, and may have used up the budget. */
    arena_finish(&exchange->arena);
    struct http_reply reply = render(connection->loop, refusal, &exchange->arena);
    exchange_set_reply(exchange, &reply);
    write_reply(connection);
}
