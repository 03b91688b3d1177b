/* Reads what a batch names, and what follows from it, into its world. */
#include <stdlib.h>

#include "domain/limits.h"
#include "store/memory/people.h"
#include "store/memory/rows.h"

/* An expired reservation: of all types together, before the oldest are chosen. */
struct due {
    const struct memory_reservation *line;
};

struct loading {
    const struct memory_store *store;
    const struct keys *keys;
    struct world *world;
    struct due *due; /* of all types so far, in the world's arena */
    size_t due_count, due_capacity;
    bool spent;
};

static void visit_due(void *context, struct memory_reservation *reservation) {
    struct loading *loading = context;
    loading->due[loading->due_count++] = (struct due){reservation};
}

static bool room_for_due(struct loading *loading, size_t more) {
    if (loading->due_count + more <= loading->due_capacity) {
        return true;
    }
    size_t capacity = 2 * (loading->due_count + more);
    struct due *due = arena_array(loading->world->arena, struct due, capacity);
    if (due == NULL) {
        return false;
    }
    if (loading->due_count > 0) {
        memcpy(due, loading->due, loading->due_count * sizeof *due);
    }
    loading->due = due;
    loading->due_capacity = capacity;
    return true;
}

static void load_event(struct loading *loading, const struct memory_event *event) {
    loading->spent |= world_add_event(loading->world, &event->row) == NULL;
}

static void load_type(struct loading *loading, const struct memory_type *type) {
    if (world_type(loading->world, type->row.id) != NULL) {
        return;
    }
    load_event(loading, type->event);
    struct world_type *added = world_add_type(loading->world, &type->row);
    if (added == NULL) {
        loading->spent = true;
        return;
    }
    struct instant now = loading->world->now;
    struct memory_due due = memory_type_due(type, now, NULL, NULL);
    added->next_expiry_at = due.next_expiry_at;
    added->log_seq = (int64_t)type->entries.count;
    if (type->entries.count > 0) {
        const struct audit_entry *last = type->entries.list[type->entries.count - 1];
        added->log_seq = last->seq;
        added->log_hash = last->chain_hash;
    }
    if (due.count > 0 && room_for_due(loading, due.count)) {
        memory_type_due(type, now, visit_due, loading);
    } else {
        loading->spent |= due.count > 0;
    }
}

static void load_types(struct loading *loading) {
    const struct memory_store *store = loading->store;
    const struct keys *keys = loading->keys;
    for (size_t i = 0; i < keys->types.count; i++) {
        const struct memory_type *type = memory_type(store, keys->types.list[i]);
        if (type != NULL) {
            load_type(loading, type);
        }
    }
    for (size_t i = 0; i < keys->reservations.count; i++) {
        const struct memory_reservation *line =
            memory_reservation(store, keys->reservations.list[i]);
        if (line != NULL) {
            load_type(loading, line->type);
        }
    }
    for (size_t i = 0; i < keys->carts.count; i++) {
        const struct memory_cart *cart = memory_cart(store, keys->carts.list[i]);
        const struct memory_reservation *line = cart == NULL ? NULL : cart->lines;
        for (; line != NULL; line = line->next_in_cart) {
            load_type(loading, line->type);
        }
    }
}

static void load_reservation(struct loading *loading, const struct memory_reservation *line) {
    loading->spent |= world_add_reservation(loading->world, &line->row) == NULL;
}

static void load_reservations(struct loading *loading) {
    const struct memory_store *store = loading->store;
    const struct keys *keys = loading->keys;
    for (size_t i = 0; i < keys->carts.count; i++) {
        const struct memory_cart *cart = memory_cart(store, keys->carts.list[i]);
        if (cart == NULL) {
            continue;
        }
        loading->spent |= world_add_cart(loading->world, &cart->row) == NULL;
        for (const struct memory_reservation *line = cart->lines; line != NULL;
             line = line->next_in_cart) {
            load_reservation(loading, line);
        }
    }
    for (size_t i = 0; i < keys->reservations.count; i++) {
        const struct memory_reservation *line =
            memory_reservation(store, keys->reservations.list[i]);
        if (line != NULL) {
            load_reservation(loading, line);
        }
    }
}

static int compare_due(const void *a, const void *b) {
    const struct reservation *left = &((const struct due *)a)->line->row;
    const struct reservation *right = &((const struct due *)b)->line->row;
    if (left->expires_at.us != right->expires_at.us) {
        return left->expires_at.us < right->expires_at.us ? -1 : 1;
    }
    return uuid_compare(left->id, right->id);
}

/* The oldest of all; the types of the others learn that there are more. */
static void load_due(struct loading *loading) {
    if (loading->due_count > 1) {
        qsort(loading->due, loading->due_count, sizeof *loading->due, compare_due);
    }
    for (size_t i = 0; i < loading->due_count && !loading->spent; i++) {
        if (i < EXPIRED_PER_BATCH_MAX) {
            load_reservation(loading, loading->due[i].line);
        } else {
            world_type(loading->world, loading->due[i].line->row.ticket_type_id)->more_expired =
                true;
        }
    }
}

struct held {
    struct uuid user_id;
    int64_t quantity;
};

static void subtract_expired(void *context, struct memory_reservation *reservation) {
    struct held *held = context;
    if (uuid_equals(reservation->row.user_id, held->user_id)) {
        held->quantity -= reservation->row.quantity;
    }
}

static void load_customer(struct loading *loading, struct uuid type_id, struct uuid user_id) {
    const struct memory_type *type = memory_type(loading->store, type_id);
    if (type == NULL || type->row.max_per_customer == 0 || uuid_is_none(user_id)) {
        return;
    }
    const struct memory_customer *customer = memory_customer(loading->store, type_id, user_id);
    struct held held = {user_id, customer == NULL ? 0 : customer->quantity};
    memory_type_due(type, loading->world->now, subtract_expired, &held);
    loading->spent |= world_add_customer(loading->world, type_id, user_id, held.quantity) == NULL;
}

static void load_customers(struct loading *loading) {
    const struct keys *keys = loading->keys;
    for (size_t i = 0; i < keys->customers_count; i++) {
        load_customer(loading, keys->customers[i].ticket_type_id, keys->customers[i].user_id);
    }
    for (size_t i = 0; i < keys->cart_customers_count; i++) {
        const struct cart_customer_pair *pair = &keys->cart_customers[i];
        const struct memory_cart *cart = memory_cart(loading->store, pair->cart_id);
        if (cart != NULL) {
            load_customer(loading, pair->ticket_type_id, cart->row.user_id);
        }
    }
}

static void load_idempotency(struct loading *loading) {
    for (size_t i = 0; i < loading->keys->idempotency_count; i++) {
        const struct idempotency_pair *pair = &loading->keys->idempotency[i];
        const struct memory_idempotency *record =
            memory_idempotency(loading->store, pair->principal, pair->key);
        if (record != NULL) {
            loading->spent |= world_add_idempotency(loading->world, record->principal, record->key,
                                                    record->fingerprint, record->outcome) == NULL;
        }
    }
}

static bool event_has_history(const struct memory_event *event) {
    const struct memory_type *type = event->types;
    while (type != NULL && type->reservations == NULL) {
        type = type->next_of_event;
    }
    return type != NULL;
}

/* What is not counted: venues, events, keys. */
static void load_settings(struct loading *loading) {
    const struct memory_store *store = loading->store;
    const struct keys *keys = loading->keys;
    for (size_t i = 0; i < keys->venues.count; i++) {
        const struct memory_venue *venue = memory_venue(store, keys->venues.list[i]);
        loading->spent |= venue != NULL && world_add_venue(loading->world, &venue->row) == NULL;
    }
    for (size_t i = 0; i < keys->events.count; i++) {
        const struct memory_event *event = memory_event(store, keys->events.list[i]);
        if (event != NULL) {
            load_event(loading, event);
        }
    }
    for (size_t i = 0; i < keys->currency_events.count; i++) {
        const struct memory_event *event = memory_event(store, keys->currency_events.list[i]);
        struct world_event *loaded = world_event(loading->world, keys->currency_events.list[i]);
        if (event != NULL && loaded != NULL) {
            loaded->has_history = event_has_history(event);
        }
    }
    for (size_t i = 0; i < keys->api_keys.count; i++) {
        const struct memory_api_key *key = memory_api_key(store, keys->api_keys.list[i]);
        loading->spent |= key != NULL && world_add_api_key(loading->world, &key->row) == NULL;
    }
}

static void load_shift(struct loading *loading, const struct memory_shift *kept) {
    struct world_shift *shift = kept == NULL ? NULL : world_add_shift(loading->world, &kept->row);
    loading->spent |= kept != NULL && shift == NULL;
    for (size_t i = 0; shift != NULL && i < kept->totals_count; i++) {
        loading->spent |= world_add_shift_total(loading->world, shift, &kept->totals[i]) == NULL;
    }
}

static void load_shifts(struct loading *loading) {
    const struct keys *keys = loading->keys;
    for (size_t i = 0; i < keys->shifts.count; i++) {
        load_shift(loading, memory_shift(loading->store, keys->shifts.list[i]));
    }
    for (size_t i = 0; i < keys->operators.count; i++) {
        load_shift(loading, memory_open_shift(loading->store, keys->operators.list[i]));
    }
}

enum error memory_load(struct store_writer *writer, const struct keys *keys, struct world *world,
                       struct failure *failure) {
    struct memory_writer *self = (struct memory_writer *)writer;
    struct memory_store *store = self->store;
    enum error fault = memory_load_fault(store);
    if (fault != ERROR_NONE) {
        return failure_set(failure, fault, "a fault was asked for");
    }
    memory_begin(self);
    world->now = clock_now(store->clock);
    struct loading loading = {.store = store, .keys = keys, .world = world};
    load_settings(&loading);
    load_shifts(&loading);
    load_types(&loading);
    load_reservations(&loading);
    load_due(&loading);
    load_customers(&loading);
    load_idempotency(&loading);
    loading.spent |= !memory_load_people(store, keys, world);
    if (loading.spent) {
        memory_end(self);
        return failure_set(failure, ERROR_MEMORY, "the batch's memory is spent");
    }
    return ERROR_NONE;
}
