/* interleaving.h - in which orders can the steps of several sessions be taken?
 *
 * A session that waits for another one's lock takes no further step until it has
 * it, so that isolationtester, which stands still there, is asked for nothing
 * that cannot happen, or may happen or not. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { SESSIONS_MAX = 3, STEPS_MAX = 8 };

struct turn {
    /* What it takes and keeps until its session's next turn that lets go: one bit for each thing,
     * the lowest first. */
    unsigned takes;
    bool lets_go;
};

struct turns {
    struct turn list[STEPS_MAX];
    size_t count;
};

struct turn_taken {
    size_t session, turn;
};

/* Calls `visit` with each order, all steps of all sessions in it. Returns how many there are. */
size_t interleavings(const struct turns *sessions, size_t count,
                     void (*visit)(void *context, const struct turn_taken *order, size_t length),
                     void *context);
