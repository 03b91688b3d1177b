/* loading.h - one batch's load trip: what is asked (load.c), and what comes back (load_take.c).
 * Private to these two. */
#pragma once

#include "store/postgres/writer.h"

/* Types are the first to be read, as they are what is locked; they go into the world behind their
 * events. */
struct found_type {
    struct ticket_type row;
    const char *fault;
    struct found_type *next;
};

/* A cart that cannot be read puts the types of its lines in quarantine. */
struct bad_cart {
    struct uuid id;
    const char *fault;
    struct bad_cart *next;
};

struct loading {
    struct postgres_writer *writer;
    struct session *session;
    const struct keys *keys;
    struct world *world;
    struct found_type *found, **found_end;
    struct bad_cart *bad_carts;
    int64_t event_types; /* locked types of the events that may be changed */
    bool spent;          /* the arena is */
    bool changed;        /* a row was there in one statement and not in the one before it */
};

static inline bool loading_has_types(const struct keys *keys) {
    return keys->types.count + keys->reservations.count + keys->carts.count > 0;
}

static inline bool loading_has_events(const struct keys *keys) {
    return keys->events.count + keys->currency_events.count > 0;
}

static inline bool loading_has_shifts(const struct keys *keys) {
    return keys->shifts.count + keys->operators.count > 0;
}

/* The queries about the ticket types that a batch touches. Most batches name their ticket types and
 * nothing else: $1 then says it all, and each query is spared the search for the types of
 * reservations and carts, up to a quarter of a batch. */
struct type_queries {
    enum query lock, events, states, expired;
    int parameters;
};

const struct type_queries *loading_type_queries(const struct keys *keys);

/* Takes every result of the trip that was sent, in its order, into the world. */
void load_take_all(struct loading *loading);
