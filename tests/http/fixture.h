/* fixture.h - a server on a thread of its own, and clients that send bytes as they are.
 *
 * Whatever takes longer than WAIT_MS fails the test. */
#pragma once

/* cmocka wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include "base/check.h"
#include "http/server.h"

enum { WAIT_MS = 10000 };

struct fixture {
    struct http_server *server;
    char address[HTTP_ADDRESS_SIZE];
    pthread_t thread;
    bool running;
};

/* Listens on a port that the system chooses. */
void fixture_start(struct fixture *fixture, struct http_server_options options);

/* Stops the server and waits until it has returned. */
void fixture_join(struct fixture *fixture);

/* Joins and closes. */
void fixture_stop(struct fixture *fixture);

/* Until `reached` says so of the counters. */
void fixture_await(struct fixture *fixture,
                   bool (*reached)(const struct http_counters *counters, uint64_t number),
                   uint64_t number);

bool open_connections_are(const struct http_counters *counters, uint64_t number);
bool requests_are(const struct http_counters *counters, uint64_t number);
bool dropped_replies_are(const struct http_counters *counters, uint64_t number);

/* Answers 200 with "METHOD path query body" at once. */
void echo(void *context, struct http_request *request);

void reply_text(struct http_request *request, int status, struct text body);

int client_open(const struct fixture *fixture);

/* From an address of 127.0.0.0/8, with a receive buffer of that size (0: the usual). */
int client_open_from(const struct fixture *fixture, const char *address, int receive_buffer);

void client_send(int fd, struct text bytes);
void client_send_string(int fd, const char *string);

struct received {
    int status;
    bool whole, closes, chunked;
    char head[8192];
    char body[256 * 1024];
    size_t body_length;
};

/* One answer, of any framing; not whole if the connection ended before it. `to_head`: the answer
 * of a HEAD request. */
void client_receive(int fd, struct received *received, bool to_head);

/* True once the server has closed: at the end of input, or reset. What still comes is dropped. */
bool client_sees_end(int fd);
