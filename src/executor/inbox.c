#include "executor/inbox.h"

#include <errno.h>

#include "base/thread.h"

void inbox_init(struct inbox *inbox, size_t waiting_max) {
    *inbox = (struct inbox){.waiting_max = waiting_max == 0 ? INBOX_MAX_DEFAULT : waiting_max};
    pthread_mutex_init(&inbox->lock, NULL);
    thread_condition_init(&inbox->filled);
    queue_init(&inbox->arrived);
}

void inbox_finish(struct inbox *inbox) {
    pthread_mutex_destroy(&inbox->lock);
    pthread_cond_destroy(&inbox->filled);
}

enum inbox_answer inbox_put(struct inbox *inbox, struct submission *submission, bool internal) {
    enum inbox_answer answer = INBOX_TAKEN;
    bool wake = false;
    pthread_mutex_lock(&inbox->lock);
    size_t waiting_max = inbox->waiting_max + (internal ? INBOX_INTERNAL_SLOTS : 0);
    if (inbox->closed) {
        answer = INBOX_CLOSED;
    } else if (atomic_load_explicit(&inbox->waiting, memory_order_relaxed) >= waiting_max) {
        answer = INBOX_FULL;
    } else {
        atomic_fetch_add_explicit(&inbox->waiting, 1, memory_order_relaxed);
        queue_push(&inbox->arrived, submission);
        wake = inbox->asleep;
        inbox->asleep = false;
    }
    pthread_mutex_unlock(&inbox->lock);
    if (wake) {
        pthread_cond_signal(&inbox->filled);
    }
    return answer;
}

void inbox_close(struct inbox *inbox) {
    pthread_mutex_lock(&inbox->lock);
    inbox->closed = true;
    inbox->asleep = false;
    pthread_mutex_unlock(&inbox->lock);
    pthread_cond_signal(&inbox->filled);
}

void inbox_take(struct inbox *inbox, struct queue *queue) {
    pthread_mutex_lock(&inbox->lock);
    queue_append(queue, &inbox->arrived);
    pthread_mutex_unlock(&inbox->lock);
}

void inbox_left(struct inbox *inbox, size_t count) {
    atomic_fetch_sub_explicit(&inbox->waiting, count, memory_order_relaxed);
}

void inbox_came_back(struct inbox *inbox, size_t count) {
    atomic_fetch_add_explicit(&inbox->waiting, count, memory_order_relaxed);
}

enum inbox_event inbox_wait(struct inbox *inbox, int quiet_ms) {
    struct timespec until = thread_after_ms(quiet_ms < 0 ? 0 : quiet_ms);
    int waited = 0;
    pthread_mutex_lock(&inbox->lock);
    while (inbox->arrived.first == NULL && !inbox->closed && waited != ETIMEDOUT) {
        inbox->asleep = true;
        waited = quiet_ms < 0 ? pthread_cond_wait(&inbox->filled, &inbox->lock)
                              : pthread_cond_timedwait(&inbox->filled, &inbox->lock, &until);
    }
    inbox->asleep = false;
    enum inbox_event event = inbox->arrived.first != NULL ? INBOX_ARRIVED
                             : inbox->closed              ? INBOX_ENDED
                                                          : INBOX_QUIET;
    pthread_mutex_unlock(&inbox->lock);
    return event;
}
