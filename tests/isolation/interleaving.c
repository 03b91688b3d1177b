#include "interleaving.h"

#include "base/check.h"

enum { THINGS_MAX = 8, ORDER_MAX = SESSIONS_MAX * STEPS_MAX };

struct state {
    size_t next[SESSIONS_MAX];   /* the turn to come */
    unsigned held[SESSIONS_MAX]; /* things */
    unsigned wanted[SESSIONS_MAX];
    bool lets_go[SESSIONS_MAX]; /* once it has what it wants */
    size_t queue[SESSIONS_MAX]; /* of those who wait, who came first */
    size_t queue_length;
    bool is_race;
};

struct search {
    const struct turns *sessions;
    size_t count;
    void (*visit)(void *context, const struct turn_taken *order, size_t length);
    void *context;
    struct turn_taken order[ORDER_MAX];
    size_t length, found;
};

static bool is_free(const struct search *search, const struct state *state, unsigned thing) {
    for (size_t i = 0; i < search->count; i++) {
        if ((state->held[i] & thing) != 0) {
            return false;
        }
    }
    return true;
}

static unsigned lowest(unsigned things) {
    return things & (~things + 1);
}

/* Takes what it can get, the lowest first; true: it has all it wants. */
static bool takes_all(const struct search *search, struct state *state, size_t session) {
    while (state->wanted[session] != 0) {
        unsigned thing = lowest(state->wanted[session]);
        if ((state->held[session] & thing) == 0 && !is_free(search, state, thing)) {
            return false;
        }
        state->held[session] |= thing;
        state->wanted[session] &= ~thing;
    }
    if (state->lets_go[session]) {
        state->held[session] = 0;
        state->lets_go[session] = false;
    }
    return true;
}

static void leave_queue(struct state *state, size_t at) {
    state->queue_length--;
    for (size_t i = at; i < state->queue_length; i++) {
        state->queue[i] = state->queue[i + 1];
    }
}

/* Whoever waits may go on, and let others go on in turn. One that has what it waited for may go on
 * to what another one waits for: which of them comes first, nobody can tell. */
static void wake(const struct search *search, struct state *state) {
    for (size_t i = 0; i < state->queue_length; i++) {
        size_t session = state->queue[i];
        if (!is_free(search, state, lowest(state->wanted[session]))) {
            continue;
        }
        for (size_t j = 0; j < state->queue_length; j++) {
            state->is_race |=
                j != i && (state->wanted[session] & state->wanted[state->queue[j]]) != 0;
        }
        if (takes_all(search, state, session)) {
            leave_queue(state, i);
        }
        wake(search, state);
        return;
    }
}

static bool waits(const struct state *state, size_t session) {
    for (size_t i = 0; i < state->queue_length; i++) {
        if (state->queue[i] == session) {
            return true;
        }
    }
    return false;
}

static void take_turn(const struct search *search, struct state *state, size_t session) {
    const struct turn *turn = &search->sessions[session].list[state->next[session]++];
    state->wanted[session] = turn->takes;
    state->lets_go[session] = turn->lets_go;
    if (!takes_all(search, state, session)) {
        state->queue[state->queue_length++] = session;
    }
    wake(search, state);
}

static void go_on(struct search *search, const struct state *state) {
    bool is_over = true;
    for (size_t i = 0; i < search->count; i++) {
        size_t turn = state->next[i];
        if (turn == search->sessions[i].count) {
            continue;
        }
        is_over = false;
        if (!waits(state, i)) {
            struct state then = *state;
            search->order[search->length++] = (struct turn_taken){i, turn};
            take_turn(search, &then, i);
            if (!then.is_race) {
                go_on(search, &then);
            }
            search->length--;
        }
    }
    if (is_over) {
        search->found++;
        search->visit(search->context, search->order, search->length);
    }
}

size_t interleavings(const struct turns *sessions, size_t count,
                     void (*visit)(void *context, const struct turn_taken *order, size_t length),
                     void *context) {
    require(count <= SESSIONS_MAX);
    struct search search = {
        .sessions = sessions, .count = count, .visit = visit, .context = context};
    struct state state = {.queue_length = 0};
    go_on(&search, &state);
    return search.found;
}
