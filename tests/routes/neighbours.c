#include "routes/neighbours.h"

#include <pthread.h>
#include <stdio.h>

#include "base/check.h"
#include "http/server.h"
#include "routes/router.h"

enum { REQUEST_BYTES = 1024 * 1024 };

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool over;
    struct heard heard;
    struct submission *submission;
} ear = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

void neighbours_expect(void) {
    pthread_mutex_lock(&ear.lock);
    ear.over = false;
    ear.heard = (struct heard){.status = 0};
    pthread_mutex_unlock(&ear.lock);
}

struct heard neighbours_wait(void) {
    pthread_mutex_lock(&ear.lock);
    while (!ear.over) {
        pthread_cond_wait(&ear.changed, &ear.lock);
    }
    struct heard heard = ear.heard;
    pthread_mutex_unlock(&ear.lock);
    return heard;
}

static void tell(const struct heard *heard) {
    pthread_mutex_lock(&ear.lock);
    require(!ear.over); /* one request, one answer */
    ear.heard = *heard;
    ear.over = true;
    pthread_cond_signal(&ear.changed);
    pthread_mutex_unlock(&ear.lock);
}

/* --- http ----------------------------------------------------------------------------- */

const char *http_method_name(enum http_method method) {
    static const char *const names[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
    return names[method];
}

void http_request_reply(struct http_request *request, const struct http_reply *reply) {
    (void)request;
    struct heard heard = {.status = reply->status,
                          .type = reply->content_type,
                          .body = reply->body,
                          .headers_count = reply->headers_count};
    for (size_t i = 0; i < reply->headers_count; i++) {
        heard.headers[i] = reply->headers[i];
    }
    tell(&heard);
}

bool http_request_client_left(const struct http_request *request) {
    (void)request;
    return false;
}

/* A stream is heard as one reply once it has ended. */
static struct {
    struct heard heard;
    char bytes[1 << 20];
    size_t length;
    http_stream_watcher *watcher;
    void *context;
} stream;

void http_stream_begin(struct http_request *request, const struct http_reply *reply,
                       http_stream_watcher *watcher, void *context) {
    (void)request;
    stream.heard = (struct heard){.status = reply->status, .type = reply->content_type};
    stream.length = 0;
    stream.watcher = watcher;
    stream.context = context;
}

enum http_stream_write http_stream_write(struct http_request *request, struct text chunk) {
    (void)request;
    require(chunk.length <= sizeof stream.bytes - stream.length);
    memcpy(stream.bytes + stream.length, chunk.bytes, chunk.length);
    stream.length += chunk.length;
    return HTTP_STREAM_TAKEN;
}

size_t http_stream_waiting(struct http_request *request) {
    (void)request;
    return 0;
}

void http_stream_end(struct http_request *request, bool complete) {
    (void)request;
    stream.heard.body = (struct text){stream.bytes, complete ? stream.length : 0};
    stream.watcher(stream.context, HTTP_STREAM_OVER);
    tell(&stream.heard);
}

struct http_counters http_server_counters(const struct http_server *server) {
    (void)server;
    return (struct http_counters){.requests = 0};
}

/* --- executor -------------------------------------------------------------------------- */

static struct executor_outage outage;

void neighbours_cut_off(const char *why, struct instant since) {
    outage = (struct executor_outage){.since = since};
    if (why != NULL) {
        failure_set(&outage.failure, ERROR_UNAVAILABLE, "%s", why);
    }
}

void executor_submit(struct executor *executor, struct submission *submission) {
    (void)executor;
    struct heard heard = {.submitted = true, .command = submission->command};
    ear.submission = submission;
    tell(&heard);
}

void executor_submit_internal(struct executor *executor, struct submission *submission) {
    (void)executor;
    enum verdict verdict =
        outage.failure.error == ERROR_NONE ? VERDICT_GRANTED : VERDICT_STORE_UNAVAILABLE;
    struct outcome outcome = {.verdict = verdict, .kind = submission->command.kind};
    submission->on_done(submission, &outcome);
}

enum error executor_release_expired(struct executor *executor, const struct caller *caller,
                                    int64_t *released, struct failure *failure) {
    (void)executor, (void)caller, (void)failure;
    *released = 3;
    return ERROR_NONE;
}

bool executor_find_outage(struct executor *executor, struct executor_outage *found) {
    (void)executor;
    *found = outage;
    return outage.failure.error != ERROR_NONE;
}

void executor_statistics(const struct executor *executor, struct executor_statistics *statistics) {
    (void)executor;
    *statistics = (struct executor_statistics){.commits = 7};
}

/* --- asking ---------------------------------------------------------------------------- */

void neighbours_open(struct neighbours *made, const struct routes_options *options) {
    struct failure failure;
    struct routes_options all = options == NULL ? (struct routes_options){0} : *options;
    enum error error = store_open("memory:", NULL, &made->store, &failure);
    require(error == ERROR_NONE);
    all.store = made->store;
    error = routes_open(&all, &made->routes, &failure);
    require(error == ERROR_NONE);
    routes_attach(made->routes, NULL, NULL);
    arena_init(&made->arena, REQUEST_BYTES);
}

void neighbours_close(struct neighbours *made) {
    routes_drain(made->routes);
    routes_close(made->routes);
    store_close(made->store);
    arena_finish(&made->arena);
}

struct heard neighbours_ask(struct neighbours *asked, const struct ask *ask) {
    arena_reset(&asked->arena);
    struct http_header *headers = arena_array(&asked->arena, struct http_header, 9);
    struct http_request *request = arena_new(&asked->arena, struct http_request);
    size_t count = 0;
    headers[count++] = (struct http_header){TEXT("content-type"), TEXT("application/json")};
    for (size_t i = 0; i < 8 && ask->headers[i][0] != NULL; i++) {
        headers[count++] =
            (struct http_header){text_of(ask->headers[i][0]), text_of(ask->headers[i][1])};
    }
    *request = (struct http_request){
        .method = ask->method,
        .path = text_of(ask->path),
        .query = text_of(ask->query),
        .body = ask->body == NULL ? TEXT("") : text_of(ask->body),
        .headers = headers,
        .headers_count = count,
        .peer = text_of(ask->peer == NULL ? "unix" : ask->peer),
        .via_unix_socket = ask->peer == NULL,
        .arrived_us = monotonic_us(),
        .arena = &asked->arena,
    };
    if (!text_is_absent(ask->raw_body)) {
        request->body = ask->raw_body;
    }
    neighbours_expect();
    routes_handle(asked->routes, request);
    struct heard heard = neighbours_wait();
    routes_observe(asked->routes, request, heard.status, true);
    return heard;
}

struct heard neighbours_decide(const struct outcome *outcome) {
    neighbours_expect();
    ear.submission->on_done(ear.submission, outcome);
    return neighbours_wait();
}

struct neighbours neighbours;

int neighbours_set_up(void **state) {
    (void)state;
    neighbours_open(&neighbours, NULL);
    return 0;
}

int neighbours_tear_down(void **state) {
    (void)state;
    neighbours_close(&neighbours);
    return 0;
}

const char *neighbours_path(const struct route *route, char path[128]) {
    int length = snprintf(path, 128, "%.*s%s%.*s", (int)route->prefix.length, route->prefix.bytes,
                          route->has_parameter ? NEIGHBOURS_ID : "", (int)route->suffix.length,
                          route->suffix.length == 0 ? "" : route->suffix.bytes);
    require(length > 0 && length < 128);
    return path;
}

bool heard_says(const struct heard *heard, const char *words) {
    return heard->body.length > 0 &&
           memmem(heard->body.bytes, heard->body.length, words, strlen(words)) != NULL;
}

struct text heard_header(const struct heard *heard, const char *name) {
    for (size_t i = 0; i < heard->headers_count; i++) {
        if (text_equals_ignoring_case(heard->headers[i].name, text_of(name))) {
            return heard->headers[i].value;
        }
    }
    return TEXT_NONE;
}
