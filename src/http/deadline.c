#include "http/deadline.h"

#include <stddef.h>

void deadlines_init(struct deadlines *deadlines) {
    for (int kind = 0; kind < DEADLINE_KINDS; kind++) {
        struct deadline *head = &deadlines->heads[kind];
        head->next = head->previous = head;
    }
}

void deadline_clear(struct deadline *deadline) {
    if (deadline->next != NULL) {
        deadline->next->previous = deadline->previous;
        deadline->previous->next = deadline->next;
        deadline->next = deadline->previous = NULL;
    }
}

void deadline_set(struct deadlines *deadlines, struct deadline *deadline, enum deadline_kind kind,
                  uint64_t now_ms) {
    deadline_clear(deadline);
    struct deadline *head = &deadlines->heads[kind];
    *deadline = (struct deadline){.next = head,
                                  .previous = head->previous,
                                  .due_ms = now_ms + deadlines->span_ms[kind],
                                  .kind = kind};
    head->previous->next = deadline;
    head->previous = deadline;
}

struct deadline *deadlines_take_due(struct deadlines *deadlines, uint64_t now_ms) {
    for (int kind = 0; kind < DEADLINE_KINDS; kind++) {
        struct deadline *first = deadlines->heads[kind].next;
        if (first != &deadlines->heads[kind] && first->due_ms <= now_ms) {
            deadline_clear(first);
            return first;
        }
    }
    return NULL;
}

uint64_t deadlines_next(const struct deadlines *deadlines) {
    uint64_t next = UINT64_MAX;
    for (int kind = 0; kind < DEADLINE_KINDS; kind++) {
        const struct deadline *first = deadlines->heads[kind].next;
        if (first != &deadlines->heads[kind] && first->due_ms < next) {
            next = first->due_ms;
        }
    }
    return next;
}
