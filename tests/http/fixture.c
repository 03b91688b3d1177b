#include "fixture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

static void *serve(void *context) {
    struct failure failure;
    struct fixture *fixture = context;
    ensure(http_server_run(fixture->server, &failure) == ERROR_NONE);
    return NULL;
}

void fixture_start(struct fixture *fixture, struct http_server_options options) {
    struct failure failure = {.sentence = ""};
    *fixture = (struct fixture){0};
    fixture->server = http_server_open(&options, &failure);
    assert_non_null(fixture->server);
    if (http_server_listen_tcp(fixture->server, "127.0.0.1:0", fixture->address, &failure) !=
        ERROR_NONE) {
        fail_msg("%s", failure.sentence);
    }
    assert_int_equal(pthread_create(&fixture->thread, NULL, serve, fixture), 0);
    fixture->running = true;
}

void fixture_join(struct fixture *fixture) {
    if (fixture->running) {
        http_server_stop(fixture->server);
        pthread_join(fixture->thread, NULL);
        fixture->running = false;
    }
}

void fixture_stop(struct fixture *fixture) {
    fixture_join(fixture);
    http_server_close(fixture->server);
}

void fixture_await(struct fixture *fixture,
                   bool (*reached)(const struct http_counters *counters, uint64_t number),
                   uint64_t number) {
    for (int waited_ms = 0; waited_ms < WAIT_MS; waited_ms++) {
        struct http_counters counters = http_server_counters(fixture->server);
        if (reached(&counters, number)) {
            return;
        }
        poll(NULL, 0, 1);
    }
    fail_msg("the counters never got there");
}

bool open_connections_are(const struct http_counters *counters, uint64_t number) {
    return counters->connections_open == number;
}

bool requests_are(const struct http_counters *counters, uint64_t number) {
    return counters->requests == number;
}

bool dropped_replies_are(const struct http_counters *counters, uint64_t number) {
    return counters->replies_dropped == number;
}

void reply_text(struct http_request *request, int status, struct text body) {
    struct http_reply reply = {.status = status, .content_type = TEXT("text/plain"), .body = body};
    http_request_reply(request, &reply);
}

void echo(void *context, struct http_request *request) {
    (void)context;
    struct text query = text_is_absent(request->query) ? TEXT("-") : request->query;
    reply_text(request, 200,
               arena_printf(request->arena, "%s %.*s %.*s %.*s", http_method_name(request->method),
                            (int)request->path.length, request->path.bytes, (int)query.length,
                            query.bytes, (int)request->body.length, request->body.bytes));
}

int client_open_from(const struct fixture *fixture, const char *address, int receive_buffer) {
    struct sockaddr_in to = {.sin_family = AF_INET}, from = {.sin_family = AF_INET};
    to.sin_port = htons((uint16_t)atoi(strrchr(fixture->address, ':') + 1));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    inet_pton(AF_INET, address, &from.sin_addr);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    if (receive_buffer > 0) {
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    assert_int_equal(bind(fd, (struct sockaddr *)&from, sizeof from), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

int client_open(const struct fixture *fixture) {
    return client_open_from(fixture, "127.0.0.1", 0);
}

void client_send(int fd, struct text bytes) {
    size_t at = 0;
    while (at < bytes.length) {
        ssize_t sent = send(fd, bytes.bytes + at, bytes.length - at, MSG_NOSIGNAL);
        if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) {
            return; /* the server has said no already */
        }
        assert_true(sent > 0);
        at += (size_t)sent;
    }
}

void client_send_string(int fd, const char *string) {
    client_send(fd, text_of(string));
}

/* 0 at the end, -1 once reset. */
static ssize_t receive_some(int fd, char *bytes, size_t length) {
    struct pollfd readable = {.fd = fd, .events = POLLIN};
    if (poll(&readable, 1, WAIT_MS) != 1) {
        fail_msg("nothing came for too long");
    }
    return recv(fd, bytes, length, 0);
}

static bool receive_exactly(int fd, char *bytes, size_t length) {
    for (size_t at = 0; at < length;) {
        ssize_t got = receive_some(fd, bytes + at, length - at);
        if (got <= 0) {
            return false;
        }
        at += (size_t)got;
    }
    return true;
}

/* Up to CRLF, or a blank line, byte by byte: what comes after must stay in the socket. */
static bool receive_until(int fd, const char *end, char *bytes, size_t size) {
    size_t at = 0, end_length = strlen(end);
    while (at < size - 1) {
        if (!receive_exactly(fd, bytes + at, 1)) {
            return false;
        }
        bytes[++at] = '\0';
        if (at >= end_length && strcmp(bytes + at - end_length, end) == 0) {
            return true;
        }
    }
    return false;
}

static bool receive_chunks(int fd, struct received *received) {
    for (;;) {
        char line[64], end[2];
        if (!receive_until(fd, "\r\n", line, sizeof line)) {
            return false;
        }
        size_t length = strtoul(line, NULL, 16);
        assert_true(length <= sizeof received->body - received->body_length);
        if (!receive_exactly(fd, received->body + received->body_length, length) ||
            !receive_exactly(fd, end, sizeof end)) {
            return false;
        }
        assert_memory_equal(end, "\r\n", 2);
        received->body_length += length;
        if (length == 0) {
            return true;
        }
    }
}

static bool receive_to_end(int fd, struct received *received) {
    for (;;) {
        ssize_t got = receive_some(fd, received->body + received->body_length,
                                   sizeof received->body - received->body_length);
        if (got <= 0) {
            return got == 0;
        }
        received->body_length += (size_t)got;
    }
}

void client_receive(int fd, struct received *received, bool to_head) {
    received->status = 0;
    received->whole = false;
    received->body_length = 0;
    received->head[0] = '\0';
    if (!receive_until(fd, "\r\n\r\n", received->head, sizeof received->head)) {
        return;
    }
    assert_int_equal(sscanf(received->head, "HTTP/1.1 %d", &received->status), 1);
    received->closes = strcasestr(received->head, "\r\nConnection: close\r\n") != NULL;
    received->chunked = strcasestr(received->head, "\r\nTransfer-Encoding: chunked\r\n") != NULL;
    const char *length = strcasestr(received->head, "\r\nContent-Length: ");
    if (to_head || received->status == 204 || received->status == 304 || received->status == 100) {
        received->whole = true;
    } else if (received->chunked) {
        received->whole = receive_chunks(fd, received);
    } else if (length == NULL) {
        received->whole = receive_to_end(fd, received);
    } else {
        received->body_length = strtoul(length + strlen("\r\nContent-Length: "), NULL, 10);
        assert_true(received->body_length < sizeof received->body);
        received->whole = receive_exactly(fd, received->body, received->body_length);
    }
    if (received->body_length < sizeof received->body) {
        received->body[received->body_length] = '\0';
    }
}

bool client_sees_end(int fd) {
    char dropped[4096];
    ssize_t got;
    while ((got = receive_some(fd, dropped, sizeof dropped)) > 0) {
    }
    return true;
}
