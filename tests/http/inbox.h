/* inbox.h - requests that were handed over and are not answered yet: the test answers them, from
 * its own thread. */
#pragma once

#include <pthread.h>
#include <stddef.h>

#include "http/request.h"

enum { INBOX_MAX = 4096 };

struct inbox {
    pthread_mutex_t mutex;
    pthread_cond_t filled;
    struct http_request *requests[INBOX_MAX];
    size_t from, count;
};

void inbox_init(struct inbox *inbox);
void inbox_finish(struct inbox *inbox);

/* The handler; its context is the inbox. */
void inbox_put(void *context, struct http_request *request);

/* Waits for one, oldest first. */
struct http_request *inbox_take(struct inbox *inbox);

size_t inbox_count(struct inbox *inbox);
