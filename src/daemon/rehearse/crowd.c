#include "daemon/rehearse/crowd.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <uv.h>

#include "base/check.h"

enum {
    RECEIVED_SIZE = 32 * 1024, /* an answer to a reservation is 1 KiB */
    RECONNECT_MS = 100,
    RECONNECTS_MAX = 300, /* 30 s: longer than a server takes to start again */
    PROGRESS_MS = 200,
    REQUEST_ARENA_BYTES = 64 * 1024,
};

struct crowd;

/* connecting -> idle -> asking -> idle …; closing -> connecting */
struct link {
    struct crowd *crowd;
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } socket;
    uv_connect_t connect;
    uv_write_t write;
    uv_timer_t pause;
    size_t buyer; /* NOBODY: idle */
    struct arena arena;
    char received[RECEIVED_SIZE];
    size_t length;
    int64_t asked_us;
    unsigned reconnects;
    bool open, finished;
    struct link *next_idle;
};

#define NOBODY SIZE_MAX

/* A buyer who waits for its time, or for a connection. */
struct waiting {
    uv_timer_t timer;
    struct crowd *crowd;
};

struct crowd {
    const struct crowd_options *options;
    struct crowd_result *result;
    struct failure *failure;
    enum error error;
    uv_loop_t loop;
    uv_timer_t progress;
    struct server_address address;
    struct sockaddr_storage at;
    struct link *links, *idle;
    struct waiting *waiting;
    size_t *queue, queue_head, queue_count; /* ring of buyers who may ask now */
    size_t done;
    size_t latencies_capacity;
    uint64_t seed;
};

static void link_connect(struct link *link);
static void crowd_dispatch(struct crowd *crowd);

static void queue_put(struct crowd *crowd, size_t buyer) {
    size_t count = crowd->options->buyers;
    crowd->queue[(crowd->queue_head + crowd->queue_count++) % count] = buyer;
}

static size_t queue_take(struct crowd *crowd) {
    size_t buyer = crowd->queue[crowd->queue_head];
    crowd->queue_head = (crowd->queue_head + 1) % crowd->options->buyers;
    crowd->queue_count--;
    return buyer;
}

static void close_handle(uv_handle_t *handle, void *context) {
    (void)context;
    if (!uv_is_closing(handle)) {
        uv_close(handle, NULL);
    }
}

/* Everybody has left, or there is no server: the loop ends once all handles are closed. */
static void crowd_end(struct crowd *crowd) {
    for (size_t i = 0; i < crowd->options->connections; i++) {
        crowd->links[i].finished = true;
    }
    uv_walk(&crowd->loop, close_handle, NULL);
}

static void on_buyer_time(uv_timer_t *timer) {
    struct waiting *waiting = timer->data;
    struct crowd *crowd = waiting->crowd;
    queue_put(crowd, (size_t)(waiting - crowd->waiting));
    crowd_dispatch(crowd);
}

/* After each answer, or the lack of one: what the buyer does next. */
static void buyer_goes_on(struct crowd *crowd, size_t index) {
    struct buyer *buyer = &crowd->result->buyers[index];
    if (buyer->step == BUYER_IS_DONE) {
        if (++crowd->done == crowd->options->buyers) {
            crowd_end(crowd);
        }
        return;
    }
    unsigned wait_ms = buyer->wait_ms;
    if (buyer->step == BUYER_THINKS) {
        buyer->step = BUYER_COMPLETES;
    }
    if (wait_ms == 0) {
        queue_put(crowd, index);
    } else {
        uv_timer_start(&crowd->waiting[index].timer, on_buyer_time, wait_ms, 0);
    }
}

static void note_latency(struct crowd *crowd, int64_t us) {
    struct crowd_result *result = crowd->result;
    if (result->latencies_count == crowd->latencies_capacity) {
        size_t capacity = crowd->latencies_capacity == 0 ? 65536 : crowd->latencies_capacity * 2;
        uint32_t *grown = realloc(result->latencies_us, capacity * sizeof *grown);
        if (grown == NULL) {
            return;
        }
        result->latencies_us = grown;
        crowd->latencies_capacity = capacity;
    }
    result->latencies_us[result->latencies_count++] = us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
}

static void on_closed(uv_handle_t *handle) {
    struct link *link = handle->data;
    if (!link->finished) {
        link_connect(link);
    }
}

/* Cuts the connection, whoever wanted it, and lets its buyer ask again. */
static void link_cut(struct link *link) {
    struct crowd *crowd = link->crowd;
    size_t buyer = link->buyer;
    link->open = false;
    link->buyer = NOBODY;
    if (!uv_is_closing(&link->socket.handle)) {
        uv_close(&link->socket.handle, on_closed);
    }
    if (buyer != NOBODY) {
        buyer_miss_answer(&crowd->result->buyers[buyer], &crowd->result->tally);
        buyer_goes_on(crowd, buyer);
    }
}

static void link_becomes_idle(struct link *link) {
    link->buyer = NOBODY;
    link->length = 0;
    link->next_idle = link->crowd->idle;
    link->crowd->idle = link;
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
    (void)suggested;
    struct link *link = handle->data;
    *buffer = uv_buf_init(link->received + link->length,
                          (unsigned)(sizeof link->received - link->length));
}

static void take_answer(struct link *link, const struct reply *reply) {
    struct crowd *crowd = link->crowd;
    size_t buyer = link->buyer;
    note_latency(crowd, monotonic_us() - link->asked_us);
    buyer_take_answer(&crowd->result->buyers[buyer], &crowd->options->plan, reply, &crowd->seed,
                      &crowd->result->tally);
    if (reply->keep_alive) {
        link_becomes_idle(link);
    } else {
        link->buyer = NOBODY;
        link_cut(link);
    }
    buyer_goes_on(crowd, buyer);
    crowd_dispatch(crowd);
}

static void link_leaves_idle(struct link *link) {
    struct link **at = &link->crowd->idle;
    while (*at != NULL && *at != link) {
        at = &(*at)->next_idle;
    }
    if (*at == link) {
        *at = link->next_idle;
    }
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer) {
    (void)buffer;
    struct link *link = stream->data;
    struct reply reply;
    size_t used;
    if (count == 0) {
        return;
    }
    if (count < 0 || link->buyer == NOBODY) {
        link_leaves_idle(link);
        link_cut(link);
        crowd_dispatch(link->crowd);
        return;
    }
    link->length += (size_t)count;
    switch (reply_read((struct text){link->received, link->length}, &reply, &used)) {
    case REPLY_WHOLE:
        take_answer(link, &reply);
        return;
    case REPLY_PARTIAL:
        if (link->length < sizeof link->received) {
            return;
        }
        break;
    case REPLY_MALFORMED:
        break;
    }
    link_cut(link);
    crowd_dispatch(link->crowd);
}

static void on_written(uv_write_t *write, int status) {
    struct link *link = write->data;
    if (status == 0 && link->buyer != NOBODY &&
        buyer_hangs_up(&link->crowd->result->buyers[link->buyer])) {
        link_cut(link);
        crowd_dispatch(link->crowd);
    }
}

static void link_ask(struct link *link, size_t index) {
    struct crowd *crowd = link->crowd;
    arena_reset(&link->arena);
    struct api_request request =
        buyer_request(&crowd->result->buyers[index], &crowd->options->plan, &link->arena);
    struct text bytes =
        api_request_write(&request, &crowd->address, crowd->options->key, &link->arena);
    ensure(!text_is_absent(bytes));
    link->buyer = index;
    link->length = 0;
    link->asked_us = monotonic_us();
    link->write.data = link;
    uv_buf_t buffer = uv_buf_init((char *)(uintptr_t)bytes.bytes, (unsigned)bytes.length);
    if (uv_write(&link->write, &link->socket.stream, &buffer, 1, on_written) != 0) {
        link_cut(link);
    }
}

/* Gives waiting buyers to idle connections. */
static void crowd_dispatch(struct crowd *crowd) {
    while (crowd->queue_count > 0 && crowd->idle != NULL) {
        struct link *link = crowd->idle;
        crowd->idle = link->next_idle;
        link_ask(link, queue_take(crowd));
    }
}

static void on_pause_over(uv_timer_t *timer) {
    link_connect(timer->data);
}

static void on_connected(uv_connect_t *connect, int status) {
    struct link *link = connect->data;
    struct crowd *crowd = link->crowd;
    if (link->finished) {
        return;
    }
    if (status == 0) {
        link->open = true;
        link->reconnects = 0;
        uv_read_start(&link->socket.stream, on_room, on_read);
        link_becomes_idle(link);
        crowd_dispatch(crowd);
        return;
    }
    if (++link->reconnects > RECONNECTS_MAX || crowd->result->latencies_count == 0) {
        crowd->error = failure_set(crowd->failure, ERROR_UNAVAILABLE, "Nobody answers at %s (%s).",
                                   crowd->options->server, uv_strerror(status));
        crowd_end(crowd);
        return;
    }
    uv_close(&link->socket.handle, NULL);
    uv_timer_start(&link->pause, on_pause_over, RECONNECT_MS, 0);
}

static void link_connect(struct link *link) {
    struct crowd *crowd = link->crowd;
    link->connect.data = link;
    if (crowd->address.is_unix) {
        uv_pipe_init(&crowd->loop, &link->socket.pipe, 0);
        uv_pipe_connect(&link->connect, &link->socket.pipe, crowd->address.host, on_connected);
    } else {
        uv_tcp_init(&crowd->loop, &link->socket.tcp);
        uv_tcp_nodelay(&link->socket.tcp, 1);
        int status = uv_tcp_connect(&link->connect, &link->socket.tcp,
                                    (const struct sockaddr *)&crowd->at, on_connected);
        if (status != 0) {
            on_connected(&link->connect, status);
        }
    }
    link->socket.handle.data = link;
}

static void on_progress(uv_timer_t *timer) {
    struct crowd *crowd = timer->data;
    crowd->options->on_progress(crowd->options->context, crowd->done, crowd->options->buyers,
                                &crowd->result->tally);
}

static enum error resolve(struct crowd *crowd) {
    const struct crowd_options *options = crowd->options;
    if (!server_address_parse(options->server, &crowd->address)) {
        return failure_set(crowd->failure, ERROR_INVALID,
                           "\"%s\" is not a server: write http://HOST:PORT or unix:FILE.sock.",
                           options->server);
    }
    if (crowd->address.is_unix) {
        return ERROR_NONE;
    }
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    int status = getaddrinfo(crowd->address.host, crowd->address.port, &hints, &found);
    if (status != 0) {
        return failure_set(crowd->failure, ERROR_INVALID, "%s is not a host: %s.",
                           crowd->address.host, gai_strerror(status));
    }
    memcpy(&crowd->at, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return ERROR_NONE;
}

static bool take_memory(struct crowd *crowd) {
    const struct crowd_options *options = crowd->options;
    crowd->links = calloc(options->connections, sizeof *crowd->links);
    crowd->waiting = calloc(options->buyers, sizeof *crowd->waiting);
    crowd->queue = calloc(options->buyers, sizeof *crowd->queue);
    crowd->result->buyers = calloc(options->buyers, sizeof *crowd->result->buyers);
    crowd->result->buyers_count = options->buyers;
    return crowd->links != NULL && crowd->waiting != NULL && crowd->queue != NULL &&
           crowd->result->buyers != NULL;
}

static void start(struct crowd *crowd) {
    const struct crowd_options *options = crowd->options;
    for (size_t i = 0; i < options->buyers; i++) {
        buyer_init(&crowd->result->buyers[i], &options->plan, &crowd->seed);
        crowd->waiting[i].crowd = crowd;
        crowd->waiting[i].timer.data = &crowd->waiting[i];
        uv_timer_init(&crowd->loop, &crowd->waiting[i].timer);
        queue_put(crowd, i);
    }
    for (size_t i = 0; i < options->connections; i++) {
        struct link *link = &crowd->links[i];
        link->crowd = crowd;
        link->buyer = NOBODY;
        arena_init(&link->arena, REQUEST_ARENA_BYTES);
        uv_timer_init(&crowd->loop, &link->pause);
        link->pause.data = link;
        link_connect(link);
    }
    uv_timer_init(&crowd->loop, &crowd->progress);
    crowd->progress.data = crowd;
    if (options->on_progress != NULL) {
        uv_timer_start(&crowd->progress, on_progress, PROGRESS_MS, PROGRESS_MS);
    }
}

static int compare_latencies(const void *a, const void *b) {
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

enum error crowd_run(const struct crowd_options *options, struct crowd_result *result,
                     struct failure *failure) {
    require(options->buyers > 0 && options->connections > 0);
    *result = (struct crowd_result){0};
    struct crowd crowd = {
        .options = options, .result = result, .failure = failure, .seed = options->seed};
    enum error error = resolve(&crowd);
    if (error == ERROR_NONE && !take_memory(&crowd)) {
        error = failure_set(failure, ERROR_MEMORY, "Out of memory for so many buyers.");
    }
    if (error == ERROR_NONE && uv_loop_init(&crowd.loop) != 0) {
        error = failure_set(failure, ERROR_UNAVAILABLE, "The system gives no event loop.");
    } else if (error == ERROR_NONE) {
        int64_t began_us = monotonic_us();
        start(&crowd);
        uv_run(&crowd.loop, UV_RUN_DEFAULT);
        uv_loop_close(&crowd.loop);
        result->took_us = monotonic_us() - began_us;
        error = crowd.error;
    }
    for (size_t i = 0; crowd.links != NULL && i < options->connections; i++) {
        arena_finish(&crowd.links[i].arena);
    }
    free(crowd.links);
    free(crowd.waiting);
    free(crowd.queue);
    if (result->latencies_count > 0) {
        qsort(result->latencies_us, result->latencies_count, sizeof *result->latencies_us,
              compare_latencies);
    }
    return error;
}

void crowd_result_finish(struct crowd_result *result) {
    free(result->buyers);
    free(result->latencies_us);
    *result = (struct crowd_result){0};
}
