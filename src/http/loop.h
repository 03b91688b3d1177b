/* loop.h - one event loop: a thread, its connections, its deadlines, what comes back to it.
 *
 * All of it belongs to the thread in loop_run(), but loop_return() and loop_stop(), which any
 * thread may call. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/failure.h"
#include "http/admission.h"
#include "http/deadline.h"
#include "http/exchange.h"
#include "http/reply_head.h"
#include "http/server.h"

enum {
    READ_MAX = 16 * 1024, /* read at once; also what may wait of a client that pipelines */
    SPARE_MAX = 512,      /* exchanges kept: with a block each, 3 MiB */
};

/* Written by the loop alone, read by anyone. */
struct loop_counters {
    _Atomic uint64_t connections_open, connections_accepted, connections_refused, requests,
        requests_refused, replies_dropped, deadlines_missed, bytes_read, bytes_written;
};

static inline void count(_Atomic uint64_t *counter, uint64_t more) {
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + more,
                          memory_order_relaxed);
}

struct listener;

struct loop {
    uv_loop_t uv;
    uv_async_t wake;
    uv_timer_t timer; /* fires at the earliest deadline, or before it */
    uint64_t timer_due_ms;
    uv_timer_t stop_timer;
    const struct http_server_options *options;
    struct admission *admission;
    struct deadlines deadlines;
    struct listener *listeners;
    struct connection *connections;
    struct connection *cursor; /* the next one, while all are walked: none may be freed under it */
    size_t sockets;            /* connections whose socket is not closed yet */
    struct exchange *spare;
    size_t spare_count;
    _Atomic(struct exchange *) returned; /* newest first */
    atomic_bool stop_asked;
    bool stopping, cut;
    struct http_date date;
    struct loop_counters counters;
    char read_buffer[READ_MAX];
    char head_buffer[REPLY_HEAD_MAX];
};

MUST_USE enum error loop_open(struct loop *loop, const struct http_server_options *options,
                              struct admission *admission, struct failure *failure);
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop); /* safe in a signal handler */
void loop_close(struct loop *loop);

/* Is this the loop's thread? */
bool loop_is_current(const struct loop *loop);

/* Hands an exchange back, from another thread. */
void loop_return(struct exchange *exchange);

struct exchange *loop_take_exchange(struct loop *loop); /* NULL: no memory */
void loop_recycle(struct loop *loop, struct exchange *exchange);

void loop_set_deadline(struct loop *loop, struct deadline *deadline, enum deadline_kind kind);

/* To be called when a connection is gone: it may have been the last one of a stopping loop. */
void loop_connection_gone(struct loop *loop);
