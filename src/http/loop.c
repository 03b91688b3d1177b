#include "http/loop.h"

#include <stdlib.h>

#include "base/check.h"
#include "http/answer.h"
#include "http/connection.h"
#include "http/listener.h"
#include "http/stream.h"

static _Thread_local struct loop *current_loop;

bool loop_is_current(const struct loop *loop) {
    return current_loop == loop;
}

/* Coming back --------------------------------------------------------------------------- */

void loop_return(struct exchange *exchange) {
    struct loop *loop = exchange->loop;
    struct exchange *top = atomic_load_explicit(&loop->returned, memory_order_relaxed);
    do {
        exchange->next = top;
    } while (!atomic_compare_exchange_weak_explicit(&loop->returned, &top, exchange,
                                                    memory_order_release, memory_order_relaxed));
    /* Only who finds the queue empty wakes the loop: it will take all that is there by then. */
    if (top == NULL) {
        uv_async_send(&loop->wake);
    }
}

/* All that came back, oldest first. */
static struct exchange *take_returned(struct loop *loop) {
    struct exchange *newest = atomic_exchange_explicit(&loop->returned, NULL, memory_order_acquire);
    struct exchange *oldest = NULL;
    while (newest != NULL) {
        struct exchange *next = newest->next;
        newest->next = oldest;
        oldest = newest;
        newest = next;
    }
    return oldest;
}

struct exchange *loop_take_exchange(struct loop *loop) {
    struct exchange *exchange = loop->spare;
    if (exchange == NULL) {
        return exchange_create(loop, loop->options->limits.arena);
    }
    loop->spare = exchange->next;
    loop->spare_count--;
    return exchange;
}

void loop_recycle(struct loop *loop, struct exchange *exchange) {
    if (loop->spare_count == SPARE_MAX) {
        exchange_destroy(exchange);
        return;
    }
    exchange_rest(exchange);
    exchange->next = loop->spare;
    loop->spare = exchange;
    loop->spare_count++;
}

/* Deadlines ------------------------------------------------------------------------------ */

static void on_timer(uv_timer_t *timer);

static void arm_timer(struct loop *loop, uint64_t due_ms) {
    uint64_t now_ms = uv_now(&loop->uv);
    loop->timer_due_ms = due_ms;
    uv_timer_start(&loop->timer, on_timer, due_ms > now_ms ? due_ms - now_ms : 0, 0);
}

void loop_set_deadline(struct loop *loop, struct deadline *deadline, enum deadline_kind kind) {
    deadline_set(&loop->deadlines, deadline, kind, uv_now(&loop->uv));
    if (deadline->due_ms < loop->timer_due_ms) {
        arm_timer(loop, deadline->due_ms);
    }
}

static void on_timer(uv_timer_t *timer) {
    struct loop *loop = timer->data;
    struct deadline *due;
    while ((due = deadlines_take_due(&loop->deadlines, uv_now(&loop->uv))) != NULL) {
        connection_deadline(due);
    }
    uint64_t next_ms = deadlines_next(&loop->deadlines);
    loop->timer_due_ms = UINT64_MAX;
    if (next_ms != UINT64_MAX) {
        arm_timer(loop, next_ms);
    }
}

/* Stopping ------------------------------------------------------------------------------- */

void loop_connection_gone(struct loop *loop) {
    /* After the cut, requests that are still away are waited for by nobody. */
    if (loop->stopping && (loop->connections == NULL || (loop->cut && loop->sockets == 0))) {
        uv_stop(&loop->uv);
    }
}

static void walk(struct loop *loop, void (*visit)(struct connection *connection)) {
    for (struct connection *at = loop->connections; at != NULL; at = loop->cursor) {
        loop->cursor = at->next;
        visit(at);
    }
}

static void on_stop_timer(uv_timer_t *timer) {
    struct loop *loop = timer->data;
    loop->cut = true;
    walk(loop, connection_cut);
    loop_connection_gone(loop);
}

static void begin_to_stop(struct loop *loop) {
    loop->stopping = true;
    listeners_close(loop);
    walk(loop, connection_drain);
    uv_timer_start(&loop->stop_timer, on_stop_timer, loop->options->limits.stop_ms, 0);
    loop_connection_gone(loop);
}

static void on_wake(uv_async_t *wake) {
    struct loop *loop = wake->data;
    for (struct exchange *next, *at = take_returned(loop); at != NULL; at = next) {
        next = at->next;
        if (at->phase == EXCHANGE_STREAMING) {
            stream_returned(at);
        } else {
            answer_deliver(at);
        }
    }
    if (atomic_load(&loop->stop_asked) && !loop->stopping) {
        begin_to_stop(loop);
    }
}

void loop_stop(struct loop *loop) {
    atomic_store(&loop->stop_asked, true);
    uv_async_send(&loop->wake);
}

/* Life ----------------------------------------------------------------------------------- */

enum error loop_open(struct loop *loop, const struct http_server_options *options,
                     struct admission *admission, struct failure *failure) {
    const struct http_limits *limits = &options->limits;
    int status = uv_loop_init(&loop->uv);
    if (status < 0) {
        return failure_set(failure, ERROR_UNAVAILABLE, "no event loop: %s", uv_strerror(status));
    }
    status = uv_async_init(&loop->uv, &loop->wake, on_wake);
    if (status < 0) {
        uv_loop_close(&loop->uv);
        return failure_set(failure, ERROR_UNAVAILABLE, "no event loop: %s", uv_strerror(status));
    }
    uv_timer_init(&loop->uv, &loop->timer);
    uv_timer_init(&loop->uv, &loop->stop_timer);
    loop->wake.data = loop->timer.data = loop->stop_timer.data = loop;
    loop->timer_due_ms = UINT64_MAX;
    loop->options = options;
    loop->admission = admission;
    deadlines_init(&loop->deadlines);
    loop->deadlines.span_ms[DEADLINE_IDLE] = limits->idle_ms;
    loop->deadlines.span_ms[DEADLINE_HEAD] = limits->header_ms;
    /* Four looks in the time of grace: late by a quarter of it at most. */
    loop->deadlines.span_ms[DEADLINE_RATE] = limits->grace_ms / 4 + 1;
    loop->deadlines.span_ms[DEADLINE_LINGER] = limits->linger_ms;
    return ERROR_NONE;
}

void loop_run(struct loop *loop) {
    current_loop = loop;
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    current_loop = NULL;
}

void loop_close(struct loop *loop) {
    loop->stopping = false; /* nothing is waited for any more */
    listeners_close(loop);
    take_returned(loop); /* each belongs to a connection that is still in the list */
    while (loop->connections != NULL) {
        connection_forget(loop->connections);
    }
    uv_close((uv_handle_t *)&loop->wake, NULL);
    uv_close((uv_handle_t *)&loop->timer, NULL);
    uv_close((uv_handle_t *)&loop->stop_timer, NULL);
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    ensure(uv_loop_close(&loop->uv) == 0);
    while (loop->spare != NULL) {
        struct exchange *exchange = loop->spare;
        loop->spare = exchange->next;
        exchange_destroy(exchange);
    }
}
