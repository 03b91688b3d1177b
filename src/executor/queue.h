/* queue.h - submissions in a row, first come first served. Owns none of them; one thread at a time.
 */
#pragma once

#include <stddef.h>

#include "executor/executor.h"

struct queue {
    struct submission *first, **end; /* end: where the next one is hung up */
    size_t count;
};

static inline void queue_init(struct queue *queue) {
    *queue = (struct queue){.end = &queue->first};
}

static inline void queue_push(struct queue *queue, struct submission *submission) {
    submission->next = NULL;
    *queue->end = submission;
    queue->end = &submission->next;
    queue->count++;
}

/* NULL when there is none. */
static inline struct submission *queue_pop(struct queue *queue) {
    struct submission *submission = queue->first;
    if (submission != NULL) {
        queue->first = submission->next;
        queue->count--;
        if (queue->first == NULL) {
            queue->end = &queue->first;
        }
    }
    return submission;
}

/* Moves all of `from` to the end of `queue`. */
static inline void queue_append(struct queue *queue, struct queue *from) {
    if (from->first != NULL) {
        *queue->end = from->first;
        queue->end = from->end;
        queue->count += from->count;
        queue_init(from);
    }
}

/* Moves all of `from` to the head of `queue`, in its order. */
static inline void queue_prepend(struct queue *queue, struct queue *from) {
    queue_append(from, queue);
    queue_append(queue, from);
}
