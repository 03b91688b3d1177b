#include "http/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "http/answer.h"
#include "http/connection.h"
#include "http/loop.h"

enum {
    FRAME_MAX = 16,     /* size line, line ends, and the last chunk */
    FILLING_MIN = 1024, /* an event of a live stream: of those there may be ten thousand at once */
};

static const char last_chunk[] = "0\r\n\r\n";

static bool is_chunked(const struct exchange *exchange) {
    return !exchange->parser.http_1_0;
}

/* The application's side ----------------------------------------------------------------- */

/* Lets the loop look at the stream. Called with the mutex; gives it back. */
static void unlock_and_tell(struct exchange *exchange) {
    struct stream *stream = &exchange->stream;
    bool here = loop_is_current(exchange->loop);
    bool away = !here && !stream->returned;
    stream->returned = stream->returned || away;
    pthread_mutex_unlock(&stream->mutex);
    if (here) {
        stream_turn(exchange);
    } else if (away) {
        loop_return(exchange);
    }
}

void http_stream_begin(struct http_request *request, const struct http_reply *reply,
                       http_stream_watcher *watcher, void *context) {
    struct exchange *exchange = exchange_of(request);
    struct stream *stream = &exchange->stream;
    require(exchange->phase == EXCHANGE_HANDED);
    exchange_set_reply(exchange, reply);
    exchange->reply.body = TEXT("");
    exchange->phase = EXCHANGE_STREAMING;
    pthread_mutex_lock(&stream->mutex);
    stream->watcher = watcher;
    stream->context = context;
    stream->filled = 0;
    stream->wants_room = stream->ended = stream->complete = false;
    stream->head_sent = stream->told_gone = stream->told_mute = stream->told_stop = false;
    unlock_and_tell(exchange);
}

static void append(struct stream *stream, const char *bytes, size_t length) {
    memcpy(stream->filling + stream->filled, bytes, length);
    stream->filled += length;
}

/* Room for `length` framed bytes and the last chunk, within the bound. */
static bool make_room(struct stream *stream, size_t length, size_t most) {
    size_t wanted = stream->filled + length + FRAME_MAX;
    if (wanted <= stream->capacity) {
        return true;
    }
    size_t capacity = stream->capacity < FILLING_MIN ? FILLING_MIN : 2 * stream->capacity;
    capacity = capacity < wanted ? wanted : capacity;
    capacity = capacity < most ? capacity : most;
    char *larger = wanted <= capacity ? realloc(stream->filling, capacity) : NULL;
    if (larger == NULL) {
        return false;
    }
    stream->filling = larger;
    stream->capacity = capacity;
    return true;
}

enum http_stream_write http_stream_write(struct http_request *request, struct text chunk) {
    struct exchange *exchange = exchange_of(request);
    struct stream *stream = &exchange->stream;
    require(exchange->phase == EXCHANGE_STREAMING && chunk.length <= HTTP_STREAM_CHUNK_MAX);
    if (http_request_client_left(request)) {
        return HTTP_STREAM_LOST;
    }
    if (chunk.length == 0 || request->method == HTTP_METHOD_HEAD) {
        return HTTP_STREAM_TAKEN; /* an empty chunk would be the last one */
    }
    pthread_mutex_lock(&stream->mutex);
    require(!stream->ended);
    if (!make_room(stream, chunk.length + FRAME_MAX, exchange->loop->options->limits.stream)) {
        /* What fills it is on its way, and makes room. If nothing does, memory is short. */
        bool full = stream->filled > 0;
        stream->wants_room = full;
        pthread_mutex_unlock(&stream->mutex);
        return full ? HTTP_STREAM_FULL : HTTP_STREAM_LOST;
    }
    if (is_chunked(exchange)) {
        char size[FRAME_MAX];
        append(stream, size, (size_t)snprintf(size, sizeof size, "%zx\r\n", chunk.length));
        append(stream, chunk.bytes, chunk.length);
        append(stream, "\r\n", 2);
    } else {
        append(stream, chunk.bytes, chunk.length);
    }
    unlock_and_tell(exchange);
    return HTTP_STREAM_TAKEN;
}

size_t http_stream_waiting(struct http_request *request) {
    struct stream *stream = &exchange_of(request)->stream;
    pthread_mutex_lock(&stream->mutex);
    size_t waiting = stream->filled;
    pthread_mutex_unlock(&stream->mutex);
    return waiting;
}

void http_stream_end(struct http_request *request, bool complete) {
    struct exchange *exchange = exchange_of(request);
    struct stream *stream = &exchange->stream;
    require(exchange->phase == EXCHANGE_STREAMING);
    pthread_mutex_lock(&stream->mutex);
    require(!stream->ended);
    bool framed = is_chunked(exchange) && request->method != HTTP_METHOD_HEAD;
    stream->ended = true;
    stream->complete = complete && (!framed || make_room(stream, 0, SIZE_MAX));
    if (stream->complete && framed) {
        append(stream, last_chunk, strlen(last_chunk));
    }
    unlock_and_tell(exchange);
}

/* The loop's side ------------------------------------------------------------------------ */

static void send_head(struct exchange *exchange) {
    struct stream *stream = &exchange->stream;
    exchange->connection->state = CONNECTION_STREAMING;
    stream->head_sent = true;
    struct text head = answer_head(exchange->connection, true);
    if (text_is_absent(head)) {
        connection_cut(exchange->connection);
        return;
    }
    stream->in_flight = answer_send(exchange->connection, head, TEXT("")) == SENDING_QUEUED;
}

/* Takes over what the writers have filled. */
static struct text take_filled(struct stream *stream) {
    pthread_mutex_lock(&stream->mutex);
    struct text bytes = {stream->filling, stream->filled};
    if (bytes.length > 0) {
        stream->filling = NULL;
        stream->capacity = stream->filled = 0;
    }
    pthread_mutex_unlock(&stream->mutex);
    return bytes;
}

static bool send_filled(struct exchange *exchange) {
    struct stream *stream = &exchange->stream;
    struct text bytes = take_filled(stream);
    if (bytes.length == 0) {
        return false;
    }
    stream->sending = (char *)(uintptr_t)bytes.bytes;
    if (exchange->connection->state != CONNECTION_CLOSED) {
        stream->in_flight = answer_send(exchange->connection, TEXT(""), bytes) == SENDING_QUEUED;
    }
    if (!stream->in_flight) {
        free(stream->sending);
        stream->sending = NULL;
    }
    return true;
}

/* What the watcher must hear next, if anything. */
static bool tell_watcher(struct exchange *exchange) {
    struct stream *stream = &exchange->stream;
    enum http_stream_event event = HTTP_STREAM_OVER;
    pthread_mutex_lock(&stream->mutex);
    if (stream->ended) {
        /* Only OVER may follow. */
    } else if (exchange->connection->state == CONNECTION_CLOSED && !stream->told_gone) {
        stream->told_gone = true;
        event = HTTP_STREAM_GONE;
    } else if (exchange->connection->ended && !stream->told_mute) {
        stream->told_mute = true;
        event = HTTP_STREAM_MUTE;
    } else if (exchange->loop->stopping && !stream->told_stop) {
        stream->told_stop = true;
        event = HTTP_STREAM_STOP;
    } else if (stream->wants_room && stream->filled == 0) {
        stream->wants_room = false;
        event = HTTP_STREAM_ROOM;
    }
    pthread_mutex_unlock(&stream->mutex);
    if (event != HTTP_STREAM_OVER && stream->watcher != NULL) {
        stream->watcher(stream->context, event);
    }
    return event != HTTP_STREAM_OVER;
}

/* True if something happened: look again. */
static bool step(struct exchange *exchange) {
    struct stream *stream = &exchange->stream;
    if (!stream->head_sent && exchange->connection->state != CONNECTION_CLOSED) {
        send_head(exchange);
        return true;
    }
    return (!stream->in_flight && send_filled(exchange)) || tell_watcher(exchange);
}

static bool is_over(struct stream *stream, bool *complete) {
    pthread_mutex_lock(&stream->mutex);
    bool over = stream->ended && !stream->returned && !stream->in_flight && stream->filled == 0;
    *complete = stream->complete;
    pthread_mutex_unlock(&stream->mutex);
    return over;
}

void stream_turn(struct exchange *exchange) {
    struct stream *stream = &exchange->stream;
    if (stream->turning) {
        return; /* called from below: the turn further up looks again */
    }
    stream->turning = true;
    while (step(exchange)) {
    }
    stream->turning = false;
    bool complete;
    if (!is_over(stream, &complete)) {
        return;
    }
    struct connection *connection = exchange->connection;
    if (!complete) {
        stream->turning = true; /* cutting turns again */
        connection_cut(connection);
        stream->turning = false;
    }
    if (stream->watcher != NULL) {
        stream->watcher(stream->context, HTTP_STREAM_OVER);
    }
    answer_over(connection, connection->state != CONNECTION_CLOSED);
}

void stream_sent(struct exchange *exchange, bool delivered) {
    struct connection *connection = exchange->connection;
    free(exchange->stream.sending);
    exchange->stream.sending = NULL;
    exchange->stream.in_flight = false;
    if (!delivered && connection->state != CONNECTION_CLOSED) {
        connection_hang_up(connection); /* turns it as well */
    } else {
        stream_turn(exchange);
    }
}

void stream_returned(struct exchange *exchange) {
    pthread_mutex_lock(&exchange->stream.mutex);
    exchange->stream.returned = false;
    pthread_mutex_unlock(&exchange->stream.mutex);
    stream_turn(exchange);
}
