/* rows.h - how the memory store keeps its rows. Private to store/memory/.
 *
 * Rows live in one arena until the store is closed and never move; nothing is
 * freed before. So a pointer to a row or a text stays good without the lock,
 * which guards only what changes. */
#pragma once

#include <pthread.h>

#include "base/arena.h"
#include "base/map.h"
#include "store/memory/memory_store.h"
#include "store/reader.h"

struct memory_venue {
    struct venue row;
    struct memory_venue *next;
};

struct memory_event {
    struct event row;
    struct memory_type *types;
    struct memory_event *next;
};

/* Pointers in a row, growing. */
struct memory_rows {
    void **list;
    size_t count, capacity;
};

struct memory_type {
    struct ticket_type row;
    struct memory_event *event;
    struct memory_rows entries; /* struct audit_entry: seq 1 stands at 0 */
    struct memory_rows active;  /* heap of struct memory_reservation, first to expire on top */
    struct memory_reservation *reservations; /* newest first */
    struct memory_type *next, *next_of_event;
};

struct memory_reservation {
    struct reservation row;
    struct memory_type *type;
    size_t place; /* in the type's heap, from 1; 0: not active */
    struct memory_reservation *next_in_cart, *next_of_type;
};

struct memory_cart {
    struct cart row;
    struct memory_reservation *lines;
};

/* What a user has of a type, expired or not: active ones, and sold ones less refunds. */
struct memory_customer {
    struct uuid ticket_type_id, user_id;
    int64_t quantity;
};

struct memory_idempotency {
    struct uuid principal;
    struct text key, outcome;
    uint8_t fingerprint[FINGERPRINT_SIZE];
    struct instant created_at;
    bool forgotten;
    struct memory_idempotency *next; /* in order of creation */
};

struct memory_api_key {
    struct api_key row;
    struct memory_api_key *next;
};

struct memory_staff {
    struct staff row;
    struct memory_staff *next;
};

struct memory_session {
    struct staff_session row;
    struct memory_session *next;
};

/* A shift with its totals, by tender as in the world. */
struct memory_shift {
    struct shift row;
    struct shift_total totals[SHIFT_TENDERS_MAX];
    size_t totals_count;
    struct memory_shift *next;
};

struct memory_store {
    struct store port;
    struct clock clock;

    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t freed;
    struct memory_faults faults;
    struct memory_writer *writing; /* between its load and its persist or rollback */

    struct arena arena;
    struct map venue_map, event_map, type_map, reservation_map, cart_map, customer_map,
        idempotency_map, api_key_map, staff_map, session_map, shift_map;
    struct memory_venue *venues;
    struct memory_event *events;
    struct memory_type *types;
    struct memory_api_key *api_keys;
    struct memory_staff *staff;
    struct memory_session *sessions;
    struct memory_shift *shifts; /* newest first */
    struct memory_idempotency *oldest_key, **newest_key;
    /* The text last kept: a reservation and its entry share an order id. */
    struct text kept_from, kept;
};

struct memory_writer {
    struct store_writer port;
    struct memory_store *store;
};

/* NULL: there is none. */
struct memory_venue *memory_venue(const struct memory_store *store, struct uuid id);
struct memory_event *memory_event(const struct memory_store *store, struct uuid id);
struct memory_type *memory_type(const struct memory_store *store, struct uuid id);
struct memory_reservation *memory_reservation(const struct memory_store *store, struct uuid id);
struct memory_cart *memory_cart(const struct memory_store *store, struct uuid id);
struct memory_api_key *memory_api_key(const struct memory_store *store, struct uuid id);
struct memory_staff *memory_staff(const struct memory_store *store, struct uuid id);
struct memory_session *memory_session(const struct memory_store *store, struct uuid id);
struct memory_shift *memory_shift(const struct memory_store *store, struct uuid id);
struct memory_shift *memory_open_shift(const struct memory_store *store, struct uuid operator_id);
struct memory_customer *memory_customer(const struct memory_store *store, struct uuid type_id,
                                        struct uuid user_id);
struct memory_idempotency *memory_idempotency(const struct memory_store *store,
                                              struct uuid principal, struct text key);

/* Make an empty row and file it under its id; the caller fills it. Never NULL. */
struct memory_venue *memory_add_venue(struct memory_store *store, struct uuid id);
struct memory_event *memory_add_event(struct memory_store *store, struct uuid id);
struct memory_type *memory_add_type(struct memory_store *store, struct uuid id);
struct memory_reservation *memory_add_reservation(struct memory_store *store, struct uuid id);
struct memory_cart *memory_add_cart(struct memory_store *store, struct uuid id);
struct memory_api_key *memory_add_api_key(struct memory_store *store, struct uuid id);
struct memory_staff *memory_add_staff(struct memory_store *store, struct uuid id);
struct memory_session *memory_add_session(struct memory_store *store, struct uuid id);
struct memory_shift *memory_add_shift(struct memory_store *store, struct uuid id);
struct memory_customer *memory_add_customer(struct memory_store *store, struct uuid type_id,
                                            struct uuid user_id);
struct memory_idempotency *memory_add_idempotency(struct memory_store *store, struct uuid principal,
                                                  struct text key);

void *memory_take(struct memory_store *store, size_t bytes);
void memory_rows_push(struct memory_store *store, struct memory_rows *rows, void *row);

/* Keep the type's heap in step with a reservation's status and expires_at. */
void memory_active_update(struct memory_store *store, struct memory_reservation *reservation);

/* What is due on a type at an instant. `visit` (or NULL) sees each; any order. */
struct memory_due {
    int64_t quantity;
    size_t count;
    struct instant next_expiry_at; /* the first after `now`, or none */
};
struct memory_due memory_type_due(const struct memory_type *type, struct instant now,
                                  void (*visit)(void *context, struct memory_reservation *),
                                  void *context);

/* The operations, for memory_store.c to publish. */
enum error memory_load(struct store_writer *writer, const struct keys *keys, struct world *world,
                       struct failure *failure);
enum error memory_persist(struct store_writer *writer, struct world *world,
                          struct failure *failure);
enum error memory_open_reader(struct store *store, struct store_reader **reader,
                              struct failure *failure);
enum error memory_load_fault(struct memory_store *store); /* goes off once */
void memory_begin(struct memory_writer *writer);          /* waits for its turn */
void memory_end(struct memory_writer *writer);
