/* deadline.h - which of many deadlines has passed?
 *
 * All deadlines of a kind are equally far away when they are set, so each kind is a list in
 * the order of setting, and setting and clearing cost nothing: no timer per connection. Pure:
 * the caller brings the time. */
#pragma once

#include <stdint.h>

enum deadline_kind {
    DEADLINE_IDLE,   /* between requests */
    DEADLINE_HEAD,   /* from first byte to blank line */
    DEADLINE_RATE,   /* a body, or a reader: looked at again and again */
    DEADLINE_LINGER, /* refused, may still read why */
    DEADLINE_KINDS,
};

/* Part of what has the deadline; all zero: none is set. */
struct deadline {
    struct deadline *next, *previous;
    uint64_t due_ms;
    enum deadline_kind kind;
};

struct deadlines {
    struct deadline heads[DEADLINE_KINDS]; /* rings */
    uint64_t span_ms[DEADLINE_KINDS];
};

/* Afterwards it must not be moved in memory. The spans are for the caller to set. */
void deadlines_init(struct deadlines *deadlines);

/* Sets it anew, whatever it was before. */
void deadline_set(struct deadlines *deadlines, struct deadline *deadline, enum deadline_kind kind,
                  uint64_t now_ms);

void deadline_clear(struct deadline *deadline);

/* Clears one that is due and returns it; NULL when none is. */
struct deadline *deadlines_take_due(struct deadlines *deadlines, uint64_t now_ms);

/* When to look next; UINT64_MAX if never. */
uint64_t deadlines_next(const struct deadlines *deadlines);
