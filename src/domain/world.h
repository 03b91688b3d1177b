/* world.h - the rows a batch may see and change, between load and persist.
 *
 * load fills it (world_add_*), decide changes it, persist writes what changed
 * (walk the lists, look at `state`). It lives in one arena and dies with it;
 * adding a row fails when that is spent. One thread at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "domain/command.h"
#include "domain/outcome.h"

enum row_state { ROW_LOADED, ROW_CHANGED, ROW_NEW };

/* A new row stays new: it is written once, as it stands in the end. */
static inline void row_changed(enum row_state *state) {
    if (*state == ROW_LOADED) {
        *state = ROW_CHANGED;
    }
}

struct world_venue {
    struct venue row;
    enum row_state state;
    struct world_venue *next;
};

struct world_event {
    struct event row;
    enum row_state state;
    uint16_t lane;    /* the last 16 bits of what belongs to it */
    bool has_history; /* something was reserved or sold; set by load for keys.currency_events */
    struct world_event *next;
};

struct world_type {
    struct ticket_type row;
    enum row_state state;
    int64_t loaded_seq; /* audit_seq as it was read: persist's guard */
    int64_t log_seq;    /* the newest entry that the log itself has; 0 for none */
    struct chain_hash log_hash;
    int64_t live_reserved;         /* sum over the active reservations that were loaded */
    int64_t live_sold;             /* sum over the sales that were loaded, less refunds */
    bool customers_loaded;         /* the type limited them when it was read (R15) */
    struct instant next_expiry_at; /* of an active reservation not yet expired, or none; a lower
                                    * bound once the batch has released some */
    bool more_expired;             /* more than EXPIRED_PER_BATCH_MAX are due */
    int64_t expired_released;      /* expiries this batch has written */
    const char *fault;             /* why it is quarantined; NULL: it is sound */
    struct world_event *event;     /* NULL only where the store has lost it */
    struct world_type *next;
};

struct world_reservation {
    struct reservation row;
    enum row_state state;
    enum reservation_status loaded_status; /* persist's guard */
    struct world_type *type;
    struct world_reservation *next; /* of all */
    struct world_reservation *next_in_cart;
};

struct world_cart {
    struct cart row;
    enum row_state state;
    enum reservation_status loaded_status;
    struct world_reservation *lines; /* in order of creation */
    size_t lines_count;
    struct world_cart *next;
};

struct world_api_key {
    struct api_key row;
    enum row_state state;
    struct world_api_key *next;
};

struct world_staff {
    struct staff row;
    enum row_state state;
    struct world_staff *next;
};

struct world_session {
    struct staff_session row;
    enum row_state state;
    struct world_session *next;
};

struct world_shift_total {
    struct shift_total row;
    enum row_state state;
    struct world_shift_total *next;
};

struct world_shift {
    struct shift row;
    enum row_state state;
    struct world_shift_total *totals; /* ascending by tender, none first */
    size_t totals_count;
    const char *fault; /* why it counts nothing more; NULL: it is sound */
    struct world_shift *next;
};

/* Live reservations plus sales minus refunds of one user and type (R15). */
struct world_customer {
    struct uuid ticket_type_id, user_id;
    int64_t quantity;
    struct world_customer *next;
};

struct world_idempotency {
    struct uuid principal;
    struct text key;
    uint8_t fingerprint[FINGERPRINT_SIZE];
    struct text outcome; /* encoded */
    enum row_state state;
    struct world_idempotency *next;
};

struct world_entry {
    struct audit_entry row;
    struct world_entry *next;
};

/* Lists keep the order in which rows were added. */
struct world {
    struct arena *arena;
    struct instant now; /* the batch's only time; load sets it */
    struct uuid
        batch_ids; /* first of the ids for entries no command asked for; the executor sets it */
    uint32_t batch_ids_used;

    struct world_venue *venues, **venues_end;
    struct world_event *events, **events_end;
    struct world_type *types, **types_end;
    struct world_reservation *reservations, **reservations_end;
    struct world_cart *carts, **carts_end;
    struct world_api_key *api_keys, **api_keys_end;
    struct world_staff *staff, **staff_end;
    struct world_session *sessions, **sessions_end; /* those that have not expired */
    struct world_shift *shifts, **shifts_end;
    struct world_customer *customers, **customers_end;
    struct world_idempotency *idempotency, **idempotency_end;
    struct world_entry *entries, **entries_end; /* all new, in the order they were made */
    size_t rows_count;

    /* An adopted table keeps order ids in the type that the shop gave them; load says so. */
    bool order_ids_are_uuids;
    /* And columns of the shop's own without which such a row cannot be made. */
    bool venues_managed_elsewhere, events_managed_elsewhere, types_managed_elsewhere;

    struct instant prune_before; /* none: nothing to prune */
    int64_t pruned;              /* persist says how many */

    struct map venue_map, event_map, type_map, reservation_map, cart_map, api_key_map, customer_map,
        idempotency_map, staff_map, session_map, shift_map, operator_map;
};

void world_init(struct world *world, struct arena *arena);

/* For load, in this order: events before their types, types before their reservations, carts
 * before their lines. A row that is there already is returned as it is. NULL: the arena is spent.
 * world_add_type's caller also sets log_seq, log_hash, next_expiry_at and more_expired. */
struct world_venue *world_add_venue(struct world *world, const struct venue *row);
struct world_event *world_add_event(struct world *world, const struct event *row);
struct world_type *world_add_type(struct world *world, const struct ticket_type *row);
struct world_reservation *world_add_reservation(struct world *world, const struct reservation *row);
struct world_cart *world_add_cart(struct world *world, const struct cart *row);
struct world_api_key *world_add_api_key(struct world *world, const struct api_key *row);
struct world_staff *world_add_staff(struct world *world, const struct staff *row);
struct world_session *world_add_session(struct world *world, const struct staff_session *row);
struct world_shift *world_add_shift(struct world *world, const struct shift *row);
struct world_shift_total *world_add_shift_total(struct world *world, struct world_shift *shift,
                                                const struct shift_total *row);
struct world_customer *world_add_customer(struct world *world, struct uuid ticket_type_id,
                                          struct uuid user_id, int64_t quantity);
struct world_idempotency *world_add_idempotency(struct world *world, struct uuid principal,
                                                struct text key, const uint8_t *fingerprint,
                                                struct text outcome);

/* NULL: not loaded, so not in the store. */
struct world_venue *world_venue(const struct world *world, struct uuid id);
struct world_event *world_event(const struct world *world, struct uuid id);
struct world_type *world_type(const struct world *world, struct uuid id);
struct world_reservation *world_reservation(const struct world *world, struct uuid id);
struct world_cart *world_cart(const struct world *world, struct uuid id);
struct world_api_key *world_api_key(const struct world *world, struct uuid id);
struct world_staff *world_staff(const struct world *world, struct uuid id);
struct world_session *world_session(const struct world *world, struct uuid id);
struct world_shift *world_shift(const struct world *world, struct uuid id);
struct world_shift *world_open_shift(const struct world *world, struct uuid operator_id);
struct world_customer *world_customer(const struct world *world, struct uuid ticket_type_id,
                                      struct uuid user_id);
struct world_idempotency *world_idempotency(const struct world *world, struct uuid principal,
                                            struct text key);

/* One row that this batch would write, by which a COMMIT of unknown fate is settled: an audit
 * entry where there is one. */
enum witness_kind {
    WITNESS_NONE,
    WITNESS_ENTRY,       /* (ticket_type_id, seq, id) in the log */
    WITNESS_IDEMPOTENCY, /* (principal, key, outcome): a twin's outcome is another one */
    WITNESS_OTHER,       /* settings only: running it again is harmless or refused */
};
struct witness {
    enum witness_kind kind;
    struct uuid event_id, ticket_type_id, entry_id;
    int64_t seq;
    struct uuid principal;
    struct text key, outcome;
};
struct witness world_witness(const struct world *world);

/* There is something to write. */
bool world_has_changes(const struct world *world);
