#include "domain/world.h"

#include "base/check.h"

void world_init(struct world *world, struct arena *arena) {
    *world = (struct world){.arena = arena, .now = INSTANT_NONE, .prune_before = INSTANT_NONE};
    world->venues_end = &world->venues;
    world->events_end = &world->events;
    world->types_end = &world->types;
    world->reservations_end = &world->reservations;
    world->carts_end = &world->carts;
    world->api_keys_end = &world->api_keys;
    world->staff_end = &world->staff;
    world->sessions_end = &world->sessions;
    world->shifts_end = &world->shifts;
    world->customers_end = &world->customers;
    world->idempotency_end = &world->idempotency;
    world->entries_end = &world->entries;
}

static uint64_t customer_hash(struct uuid ticket_type_id, struct uuid user_id) {
    return uuid_hash(ticket_type_id) * 31 + uuid_hash(user_id);
}

static uint64_t idempotency_hash(struct uuid principal, struct text key) {
    uint64_t hash = uuid_hash(principal);
    for (size_t i = 0; i < key.length; i++) {
        hash = (hash ^ (unsigned char)key.bytes[i]) * UINT64_C(0x100000001b3);
    }
    return hash ^ (hash >> 32);
}

/* Puts `node` at the end of a list and into its map: the same five lines for every kind of row. */
#define WORLD_LINK(world, list, map, hash, node)                                                   \
    (map_put(&(world)->map, (world)->arena, (hash), (node))                                        \
         ? (*(world)->list##_end = (node), (world)->list##_end = &(node)->next,                    \
            (world)->rows_count++, (node))                                                         \
         : NULL)

struct world_venue *world_add_venue(struct world *world, const struct venue *row) {
    struct world_venue *venue = world_venue(world, row->id);
    if (venue != NULL) {
        return venue;
    }
    venue = arena_new(world->arena, struct world_venue);
    if (venue == NULL) {
        return NULL;
    }
    venue->row = *row;
    return WORLD_LINK(world, venues, venue_map, uuid_hash(row->id), venue);
}

struct world_event *world_add_event(struct world *world, const struct event *row) {
    struct world_event *event = world_event(world, row->id);
    if (event != NULL) {
        return event;
    }
    event = arena_new(world->arena, struct world_event);
    if (event == NULL) {
        return NULL;
    }
    event->row = *row;
    event->lane = uuid_lane_of_event(row->id);
    return WORLD_LINK(world, events, event_map, uuid_hash(row->id), event);
}

struct world_type *world_add_type(struct world *world, const struct ticket_type *row) {
    struct world_type *type = world_type(world, row->id);
    if (type != NULL) {
        return type;
    }
    type = arena_new(world->arena, struct world_type);
    if (type == NULL) {
        return NULL;
    }
    *type = (struct world_type){
        .row = *row,
        .loaded_seq = row->audit_seq,
        .log_seq = row->audit_seq,
        .log_hash = row->audit_hash,
        .customers_loaded = row->max_per_customer != 0,
        .next_expiry_at = INSTANT_NONE,
        .event = world_event(world, row->event_id),
    };
    return WORLD_LINK(world, types, type_map, uuid_hash(row->id), type);
}

/* Lines keep the order of their ids, whatever order the store read them in. */
static void cart_add_line(struct world_cart *cart, struct world_reservation *line) {
    struct world_reservation **at = &cart->lines;
    while (*at != NULL && uuid_compare((*at)->row.id, line->row.id) < 0) {
        at = &(*at)->next_in_cart;
    }
    line->next_in_cart = *at;
    *at = line;
    cart->lines_count++;
}

struct world_reservation *world_add_reservation(struct world *world,
                                                const struct reservation *row) {
    struct world_reservation *reservation = world_reservation(world, row->id);
    if (reservation != NULL) {
        return reservation;
    }
    reservation = arena_new(world->arena, struct world_reservation);
    if (reservation == NULL) {
        return NULL;
    }
    reservation->row = *row;
    reservation->loaded_status = row->status;
    reservation->type = world_type(world, row->ticket_type_id);
    if (reservation->type != NULL && row->status == RESERVATION_ACTIVE) {
        reservation->type->live_reserved += row->quantity;
    } else if (reservation->type != NULL && row->status == RESERVATION_COMPLETED) {
        reservation->type->live_sold += (int64_t)row->quantity - row->refunded_quantity;
    }
    struct world_cart *cart = uuid_is_none(row->cart_id) ? NULL : world_cart(world, row->cart_id);
    if (cart != NULL) {
        cart_add_line(cart, reservation);
    }
    return WORLD_LINK(world, reservations, reservation_map, uuid_hash(row->id), reservation);
}

struct world_cart *world_add_cart(struct world *world, const struct cart *row) {
    struct world_cart *cart = world_cart(world, row->id);
    if (cart != NULL) {
        return cart;
    }
    cart = arena_new(world->arena, struct world_cart);
    if (cart == NULL) {
        return NULL;
    }
    cart->row = *row;
    cart->loaded_status = row->status;
    return WORLD_LINK(world, carts, cart_map, uuid_hash(row->id), cart);
}

struct world_api_key *world_add_api_key(struct world *world, const struct api_key *row) {
    struct world_api_key *api_key = world_api_key(world, row->id);
    if (api_key != NULL) {
        return api_key;
    }
    api_key = arena_new(world->arena, struct world_api_key);
    if (api_key == NULL) {
        return NULL;
    }
    api_key->row = *row;
    return WORLD_LINK(world, api_keys, api_key_map, uuid_hash(row->id), api_key);
}

struct world_staff *world_add_staff(struct world *world, const struct staff *row) {
    struct world_staff *staff = world_staff(world, row->id);
    if (staff != NULL) {
        return staff;
    }
    staff = arena_new(world->arena, struct world_staff);
    if (staff == NULL) {
        return NULL;
    }
    staff->row = *row;
    return WORLD_LINK(world, staff, staff_map, uuid_hash(row->id), staff);
}

struct world_session *world_add_session(struct world *world, const struct staff_session *row) {
    struct world_session *session = world_session(world, row->id);
    if (session != NULL) {
        return session;
    }
    session = arena_new(world->arena, struct world_session);
    if (session == NULL) {
        return NULL;
    }
    session->row = *row;
    return WORLD_LINK(world, sessions, session_map, uuid_hash(row->id), session);
}

struct world_shift *world_add_shift(struct world *world, const struct shift *row) {
    struct world_shift *shift = world_shift(world, row->id);
    if (shift != NULL) {
        return shift;
    }
    shift = arena_new(world->arena, struct world_shift);
    if (shift == NULL ||
        !map_put(&world->operator_map, world->arena, uuid_hash(row->operator.id), shift)) {
        return NULL;
    }
    shift->row = *row;
    return WORLD_LINK(world, shifts, shift_map, uuid_hash(row->id), shift);
}

static int compare_tenders(struct text a, struct text b) {
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter == 0 ? 0 : memcmp(a.bytes, b.bytes, shorter);
    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

struct world_shift_total *world_add_shift_total(struct world *world, struct world_shift *shift,
                                                const struct shift_total *row) {
    struct world_shift_total **at = &shift->totals;
    while (*at != NULL && compare_tenders((*at)->row.tender, row->tender) < 0) {
        at = &(*at)->next;
    }
    if (*at != NULL && compare_tenders((*at)->row.tender, row->tender) == 0) {
        return *at;
    }
    struct world_shift_total *total = arena_new(world->arena, struct world_shift_total);
    if (total != NULL) {
        total->row = *row;
        total->next = *at;
        *at = total;
        shift->totals_count++;
        world->rows_count++;
    }
    return total;
}

struct world_customer *world_add_customer(struct world *world, struct uuid ticket_type_id,
                                          struct uuid user_id, int64_t quantity) {
    struct world_customer *customer = world_customer(world, ticket_type_id, user_id);
    if (customer != NULL) {
        return customer;
    }
    customer = arena_new(world->arena, struct world_customer);
    if (customer == NULL) {
        return NULL;
    }
    customer->ticket_type_id = ticket_type_id;
    customer->user_id = user_id;
    customer->quantity = quantity;
    return WORLD_LINK(world, customers, customer_map, customer_hash(ticket_type_id, user_id),
                      customer);
}

struct world_idempotency *world_add_idempotency(struct world *world, struct uuid principal,
                                                struct text key, const uint8_t *fingerprint,
                                                struct text outcome) {
    struct world_idempotency *record = world_idempotency(world, principal, key);
    if (record != NULL) {
        return record;
    }
    record = arena_new(world->arena, struct world_idempotency);
    if (record == NULL) {
        return NULL;
    }
    record->principal = principal;
    record->key = key;
    record->outcome = outcome;
    memcpy(record->fingerprint, fingerprint, FINGERPRINT_SIZE);
    return WORLD_LINK(world, idempotency, idempotency_map, idempotency_hash(principal, key),
                      record);
}

/* Finds by one id in one map. */
#define WORLD_FIND(world, kind, map, id)                                                           \
    do {                                                                                           \
        struct kind *found;                                                                        \
        for (size_t at = 0; (found = map_next(&(world)->map, uuid_hash(id), &at)) != NULL;) {      \
            if (uuid_equals(found->row.id, (id))) {                                                \
                return found;                                                                      \
            }                                                                                      \
        }                                                                                          \
        return NULL;                                                                               \
    } while (0)

struct world_venue *world_venue(const struct world *world, struct uuid id) {
    WORLD_FIND(world, world_venue, venue_map, id);
}

struct world_event *world_event(const struct world *world, struct uuid id) {
    WORLD_FIND(world, world_event, event_map, id);
}

struct world_type *world_type(const struct world *world, struct uuid id) {
    WORLD_FIND(world, world_type, type_map, id);
}

struct world_reservation *world_reservation(const struct world *world, struct uuid id) {
    WORLD_FIND(world, world_reservation, reservation_map, id);
}

struct world_cart *world_cart(const struct world *world, struct uuid id) {
    WORLD_FIND(world, world_cart, cart_map, id);
}

struct world_api_key *world_api_key(const struct world *world, struct uuid id) {
    WORLD_FIND(world, world_api_key, api_key_map, id);
}

struct world_staff *world_staff(const struct world *world, struct uuid id) {
    WORLD_FIND(world, world_staff, staff_map, id);
}

struct world_session *world_session(const struct world *world, struct uuid id) {
    WORLD_FIND(world, world_session, session_map, id);
}

struct world_shift *world_shift(const struct world *world, struct uuid id) {
    WORLD_FIND(world, world_shift, shift_map, id);
}

struct world_shift *world_open_shift(const struct world *world, struct uuid operator_id) {
    uint64_t hash = uuid_hash(operator_id);
    struct world_shift *shift;
    for (size_t at = 0; (shift = map_next(&world->operator_map, hash, &at)) != NULL;) {
        if (uuid_equals(shift->row.operator.id, operator_id) &&
            instant_is_none(shift->row.closed_at)) {
            return shift;
        }
    }
    return NULL;
}

struct world_customer *world_customer(const struct world *world, struct uuid ticket_type_id,
                                      struct uuid user_id) {
    uint64_t hash = customer_hash(ticket_type_id, user_id);
    struct world_customer *customer;
    for (size_t at = 0; (customer = map_next(&world->customer_map, hash, &at)) != NULL;) {
        if (uuid_equals(customer->ticket_type_id, ticket_type_id) &&
            uuid_equals(customer->user_id, user_id)) {
            return customer;
        }
    }
    return NULL;
}

struct world_idempotency *world_idempotency(const struct world *world, struct uuid principal,
                                            struct text key) {
    uint64_t hash = idempotency_hash(principal, key);
    struct world_idempotency *record;
    for (size_t at = 0; (record = map_next(&world->idempotency_map, hash, &at)) != NULL;) {
        if (uuid_equals(record->principal, principal) && text_equals(record->key, key)) {
            return record;
        }
    }
    return NULL;
}

/* Any row of the list that is not as it was loaded. */
#define WORLD_ANY_CHANGED(world, kind, list)                                                       \
    for (const struct kind *row = (world)->list; row != NULL; row = row->next) {                   \
        if (row->state != ROW_LOADED) {                                                            \
            return true;                                                                           \
        }                                                                                          \
    }

bool world_has_changes(const struct world *world) {
    if (world->entries != NULL || !instant_is_none(world->prune_before)) {
        return true;
    }
    WORLD_ANY_CHANGED(world, world_reservation, reservations)
    WORLD_ANY_CHANGED(world, world_cart, carts)
    WORLD_ANY_CHANGED(world, world_idempotency, idempotency)
    WORLD_ANY_CHANGED(world, world_type, types)
    WORLD_ANY_CHANGED(world, world_event, events)
    WORLD_ANY_CHANGED(world, world_venue, venues)
    WORLD_ANY_CHANGED(world, world_api_key, api_keys)
    WORLD_ANY_CHANGED(world, world_staff, staff)
    WORLD_ANY_CHANGED(world, world_session, sessions)
    WORLD_ANY_CHANGED(world, world_shift, shifts) /* its totals move with entries only */
    return false;
}

struct witness world_witness(const struct world *world) {
    if (world->entries != NULL) {
        const struct audit_entry *entry = &world->entries->row;
        return (struct witness){.kind = WITNESS_ENTRY,
                                .event_id = entry->event_id,
                                .ticket_type_id = entry->ticket_type_id,
                                .entry_id = entry->id,
                                .seq = entry->seq};
    }
    for (const struct world_idempotency *record = world->idempotency; record != NULL;
         record = record->next) {
        if (record->state == ROW_NEW) {
            return (struct witness){.kind = WITNESS_IDEMPOTENCY,
                                    .principal = record->principal,
                                    .key = record->key,
                                    .outcome = record->outcome};
        }
    }
    return (struct witness){.kind = world_has_changes(world) ? WITNESS_OTHER : WITNESS_NONE};
}
