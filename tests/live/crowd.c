/* Many streams on one server: what do they weigh, and how soon do all of them show a commit?
 *
 *     crowd STREAMS
 *
 * Public streams of one event with TYPES ticket types, over loopback. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/instant.h"
#include "daemon/api_client.h"
#include "process/process.h"

enum {
    TYPES = 10,
    COMMITS = 20,
    OPENING_AT_ONCE = 256,
    RESIDENT_MAX_MIB = 128,
    SHOWN_WITHIN_MS = 1000, /* to the last of them, on a busy machine */
    WAIT_MS = 30 * 1000,
    OTHER_FILES = 64,
};

struct stream {
    int fd;
    unsigned matched;     /* of the word that is looked for */
    unsigned long events; /* counts, after the snapshot */
    bool has_begun;
};

static struct crowd {
    struct server *server;
    struct api_client *client;
    struct arena arena;
    struct stream *streams;
    size_t count, begun, shown;
    unsigned long wanted; /* events that each is waited for to have */
    int poll;
    char request[1024];
} crowd;

static _Noreturn void give_up(const char *what, const char *why) {
    fprintf(stderr, "cannot go on: %s: %s\n", what, why);
    exit(2);
}

static struct reply ask(const char *path, const char *body) {
    struct reply reply;
    struct failure failure = {.error = ERROR_NONE};
    struct api_request request = {.method = "POST", .path = path, .body = text_of(body)};
    arena_reset(&crowd.arena);
    if (api_client_call(crowd.client, &request, &crowd.arena, &reply, &failure) != ERROR_NONE ||
        reply.status > 201) {
        give_up(path, failure.error != ERROR_NONE ? failure.sentence : reply.body.bytes);
    }
    return reply;
}

static void id_in(const struct reply *reply, char id[37]) {
    const char *at = memmem(reply->body.bytes, reply->body.length, "\"id\":\"", 6);
    if (at == NULL) {
        give_up("an id", "is not in the answer");
    }
    memcpy(id, at + 6, 36);
    id[36] = '\0';
}

/* --- the streams -------------------------------------------------------------------------- */

static void open_one(struct stream *stream, const struct sockaddr_in *to) {
    stream->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (stream->fd < 0 || connect(stream->fd, (const struct sockaddr *)to, sizeof *to) != 0 ||
        write(stream->fd, crowd.request, strlen(crowd.request)) != (ssize_t)strlen(crowd.request) ||
        fcntl(stream->fd, F_SETFL, O_NONBLOCK) != 0) {
        give_up("a stream", strerror(errno));
    }
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = stream};
    epoll_ctl(crowd.poll, EPOLL_CTL_ADD, stream->fd, &event);
}

/* Each event has one line of this form. */
static void take(struct stream *stream, const char *bytes, size_t length) {
    static const char word[] = "\nevent: ";
    for (size_t i = 0; i < length; i++) {
        if (stream->matched == sizeof word - 1) {
            crowd.begun += !stream->has_begun;
            stream->events += stream->has_begun;
            crowd.shown += stream->has_begun && stream->events == crowd.wanted;
            stream->has_begun = true;
            stream->matched = 0;
        }
        stream->matched = bytes[i] == word[stream->matched] ? stream->matched + 1
                          : bytes[i] == word[0]             ? 1
                                                            : 0;
    }
}

static void hear(int wait_ms) {
    static char bytes[64 * 1024];
    struct epoll_event events[256];
    int count = epoll_wait(crowd.poll, events, 256, wait_ms);
    for (int i = 0; i < count; i++) {
        struct stream *stream = events[i].data.ptr;
        ssize_t length = read(stream->fd, bytes, sizeof bytes);
        if (length == 0 || (length < 0 && errno != EAGAIN)) {
            give_up("a stream", "was ended");
        }
        take(stream, bytes, length < 0 ? 0 : (size_t)length);
    }
}

static void hear_until(const size_t *number, size_t wanted, const char *what) {
    int64_t limit_us = monotonic_us() + WAIT_MS * INT64_C(1000);
    while (*number < wanted) {
        if (monotonic_us() > limit_us) {
            fprintf(stderr, "%zu of %zu\n", *number, wanted);
            give_up(what, "not all of them came");
        }
        hear(100);
    }
}

static void open_all(void) {
    struct sockaddr_in to = {.sin_family = AF_INET};
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    to.sin_port = htons((uint16_t)atoi(strrchr(server_url(crowd.server), ':') + 1));
    for (size_t i = 0; i < crowd.count; i++) {
        open_one(&crowd.streams[i], &to);
        if (i % OPENING_AT_ONCE == OPENING_AT_ONCE - 1) {
            hear_until(&crowd.begun, i + 1, "snapshots");
        }
    }
    hear_until(&crowd.begun, crowd.count, "snapshots");
}

/* --- figures ------------------------------------------------------------------------------ */

static double resident_mib(const char *line_name) {
    char path[64], line[256];
    double kib = -1;
    snprintf(path, sizeof path, "/proc/%ld/status", server_pid(crowd.server));
    FILE *status = fopen(path, "re");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        if (strncmp(line, line_name, strlen(line_name)) == 0) {
            kib = strtod(line + strlen(line_name), NULL);
        }
    }
    if (status != NULL) {
        fclose(status);
    }
    return kib / 1024;
}

static int by_size(const void *a, const void *b) {
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* From the answer of a commit to the moment in which the last stream has shown it. */
static void commit_often(const char *type_id, int64_t took_us[COMMITS]) {
    char body[128];
    snprintf(body, sizeof body, "{\"ticket_type_id\":\"%s\",\"quantity\":1}", type_id);
    for (int i = 0; i < COMMITS; i++) {
        crowd.shown = 0;
        crowd.wanted = (unsigned long)i + 1;
        (void)ask("/v1/reservations", body);
        int64_t since_us = monotonic_us();
        hear_until(&crowd.shown, crowd.count, "counts");
        took_us[i] = monotonic_us() - since_us;
        int64_t pause_until_us = monotonic_us() + 250 * 1000; /* not merged with the next */
        while (monotonic_us() < pause_until_us) {
            hear(20);
        }
    }
    qsort(took_us, COMMITS, sizeof *took_us, by_size);
}

/* --- its life ----------------------------------------------------------------------------- */

static void raise_files(size_t count) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max < count + OTHER_FILES) {
        give_up("streams", "this process may not open as many files (ulimit -Hn)");
    }
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static void open_client(const char *database) {
    static struct finished made;
    struct failure failure;
    TICKETD(&made, "key", "create", "--database", database, "--name", "crowd", "--role", "admin");
    made.out[strcspn(made.out, "\n")] = '\0';
    struct api_client_options options = {.server = server_url(crowd.server), .key = made.out};
    if (made.code != 0 || api_client_open(&options, &crowd.client, &failure) != ERROR_NONE) {
        give_up("a client", made.err);
    }
    arena_init(&crowd.arena, 1 << 20);
}

static void make_event(char event_id[37], char type_id[37]) {
    char path[128];
    struct reply reply = ask("/v1/events", "{\"name\":\"Crowd\",\"published\":true,"
                                           "\"start_date\":\"2099-01-01T20:00:00Z\"}");
    id_in(&reply, event_id);
    snprintf(path, sizeof path, "/v1/events/%s/ticket-types", event_id);
    for (int i = 0; i < TYPES; i++) {
        reply = ask(path, "{\"name\":\"T\",\"price\":1,\"initial_inventory\":1000}");
        id_in(&reply, type_id);
    }
}

int main(int count, char **words) {
    char folder[FOLDER_SIZE], database[128], event_id[37], type_id[37];
    int64_t took_us[COMMITS];
    crowd.count = count == 2 ? strtoul(words[1], NULL, 10) : 0;
    crowd.streams = calloc(crowd.count + 1, sizeof *crowd.streams);
    crowd.poll = epoll_create1(EPOLL_CLOEXEC);
    if (crowd.count == 0 || crowd.streams == NULL || crowd.poll < 0) {
        give_up("usage", "crowd STREAMS");
    }
    signal(SIGPIPE, SIG_IGN);
    raise_files(crowd.count);
    folder_make(folder);
    snprintf(database, sizeof database, "sqlite:%s/t.db", folder);
    crowd.server = server_start(database);
    if (crowd.server == NULL) {
        give_up("serve", "it does not start");
    }
    open_client(database);
    make_event(event_id, type_id);
    snprintf(crowd.request, sizeof crowd.request,
             "GET /v1/stream?event_id=%s HTTP/1.1\r\nHost: tickets.example.org\r\n"
             "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
             "Chrome/131.0.0.0 Safari/537.36\r\nAccept: text/event-stream\r\n"
             "Accept-Language: de-AT,de;q=0.9,en-US;q=0.8,en;q=0.7\r\nCache-Control: no-cache\r\n"
             "Accept-Encoding: gzip, deflate, br, zstd\r\nSec-Fetch-Site: same-origin\r\n"
             "Sec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n"
             "Referer: https://tickets.example.org/events/01900000-0000-7000-8000-000000000001\r\n"
             "Cookie: consent=none; session=0123456789abcdef0123456789abcdef\r\n\r\n",
             event_id);
    double before_mib = resident_mib("VmRSS:");
    int64_t since_us = monotonic_us();
    open_all();
    double opened_s = (double)(monotonic_us() - since_us) / 1e6;
    double open_mib = resident_mib("VmRSS:");
    commit_often(type_id, took_us);
    double peak_mib = resident_mib("VmHWM:");
    printf("%zu streams opened in %.1f s; resident %.1f MiB before, %.1f with them, %.1f at the "
           "most; the last shows a commit after %.0f ms (median), %.0f ms (worst of %d)\n",
           crowd.count, opened_s, before_mib, open_mib, peak_mib,
           (double)took_us[COMMITS / 2] / 1000, (double)took_us[COMMITS - 1] / 1000, COMMITS);
    server_signal(crowd.server, SIGTERM);
    for (size_t i = 0; i < crowd.count; i++) {
        close(crowd.streams[i].fd);
    }
    api_client_close(crowd.client);
    arena_finish(&crowd.arena);
    int code = server_wait(crowd.server, NULL);
    folder_remove(folder);
    bool is_well = code == 0 && peak_mib <= RESIDENT_MAX_MIB &&
                   took_us[COMMITS / 2] <= SHOWN_WITHIN_MS * INT64_C(1000);
    return is_well ? 0 : 1;
}
