#include "inbox.h"

#include <time.h>

#include "fixture.h"

void inbox_init(struct inbox *inbox) {
    *inbox = (struct inbox){0};
    pthread_mutex_init(&inbox->mutex, NULL);
    pthread_cond_init(&inbox->filled, NULL);
}

void inbox_finish(struct inbox *inbox) {
    pthread_mutex_destroy(&inbox->mutex);
    pthread_cond_destroy(&inbox->filled);
}

void inbox_put(void *context, struct http_request *request) {
    struct inbox *inbox = context;
    pthread_mutex_lock(&inbox->mutex);
    require(inbox->count < INBOX_MAX);
    inbox->requests[(inbox->from + inbox->count++) % INBOX_MAX] = request;
    pthread_cond_signal(&inbox->filled);
    pthread_mutex_unlock(&inbox->mutex);
}

struct http_request *inbox_take(struct inbox *inbox) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WAIT_MS / 1000;
    pthread_mutex_lock(&inbox->mutex);
    while (inbox->count == 0) {
        if (pthread_cond_timedwait(&inbox->filled, &inbox->mutex, &until) != 0) {
            pthread_mutex_unlock(&inbox->mutex);
            fail_msg("no request came for too long");
        }
    }
    struct http_request *request = inbox->requests[inbox->from];
    inbox->from = (inbox->from + 1) % INBOX_MAX;
    inbox->count--;
    pthread_mutex_unlock(&inbox->mutex);
    return request;
}

size_t inbox_count(struct inbox *inbox) {
    pthread_mutex_lock(&inbox->mutex);
    size_t count = inbox->count;
    pthread_mutex_unlock(&inbox->mutex);
    return count;
}
