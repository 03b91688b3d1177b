#include "store/memory/rows.h"

#include "base/check.h"

void *memory_take(struct memory_store *store, size_t bytes) {
    void *taken = arena_take(&store->arena, bytes);
    ensure(taken != NULL);
    return taken;
}

static void file(struct memory_store *store, struct map *map, uint64_t hash, void *row) {
    bool filed = map_put(map, &store->arena, hash, row);
    ensure(filed);
}

/* One lookup for every kind of row that is found by its id. */
#define MEMORY_FIND(store, kind, map, id)                                                          \
    do {                                                                                           \
        struct kind *found;                                                                        \
        for (size_t at = 0; (found = map_next(&(store)->map, uuid_hash(id), &at)) != NULL;) {      \
            if (uuid_equals(found->row.id, (id))) {                                                \
                return found;                                                                      \
            }                                                                                      \
        }                                                                                          \
        return NULL;                                                                               \
    } while (0)

struct memory_venue *memory_venue(const struct memory_store *store, struct uuid id) {
    MEMORY_FIND(store, memory_venue, venue_map, id);
}

struct memory_event *memory_event(const struct memory_store *store, struct uuid id) {
    MEMORY_FIND(store, memory_event, event_map, id);
}

struct memory_type *memory_type(const struct memory_store *store, struct uuid id) {
    MEMORY_FIND(store, memory_type, type_map, id);
}

struct memory_reservation *memory_reservation(const struct memory_store *store, struct uuid id) {
    MEMORY_FIND(store, memory_reservation, reservation_map, id);
}

struct memory_cart *memory_cart(const struct memory_store *store, struct uuid id) {
    MEMORY_FIND(store, memory_cart, cart_map, id);
}

struct memory_api_key *memory_api_key(const struct memory_store *store, struct uuid id) {
    MEMORY_FIND(store, memory_api_key, api_key_map, id);
}

struct memory_staff *memory_staff(const struct memory_store *store, struct uuid id) {
    MEMORY_FIND(store, memory_staff, staff_map, id);
}

struct memory_session *memory_session(const struct memory_store *store, struct uuid id) {
    MEMORY_FIND(store, memory_session, session_map, id);
}

struct memory_shift *memory_shift(const struct memory_store *store, struct uuid id) {
    MEMORY_FIND(store, memory_shift, shift_map, id);
}

struct memory_shift *memory_open_shift(const struct memory_store *store, struct uuid operator_id) {
    struct memory_shift *shift = store->shifts;
    while (shift != NULL && (!uuid_equals(shift->row.operator.id, operator_id) ||
                             !instant_is_none(shift->row.closed_at))) {
        shift = shift->next;
    }
    return shift;
}

/* And one maker. */
#define MEMORY_ADD(store, kind, map, id)                                                           \
    struct kind *made = memory_take((store), sizeof *made);                                        \
    made->row.id = (id);                                                                           \
    file((store), &(store)->map, uuid_hash(id), made)

struct memory_venue *memory_add_venue(struct memory_store *store, struct uuid id) {
    MEMORY_ADD(store, memory_venue, venue_map, id);
    made->next = store->venues;
    store->venues = made;
    return made;
}

struct memory_event *memory_add_event(struct memory_store *store, struct uuid id) {
    MEMORY_ADD(store, memory_event, event_map, id);
    made->next = store->events;
    store->events = made;
    return made;
}

struct memory_type *memory_add_type(struct memory_store *store, struct uuid id) {
    MEMORY_ADD(store, memory_type, type_map, id);
    made->next = store->types;
    store->types = made;
    return made;
}

struct memory_reservation *memory_add_reservation(struct memory_store *store, struct uuid id) {
    MEMORY_ADD(store, memory_reservation, reservation_map, id);
    return made;
}

struct memory_cart *memory_add_cart(struct memory_store *store, struct uuid id) {
    MEMORY_ADD(store, memory_cart, cart_map, id);
    return made;
}

struct memory_api_key *memory_add_api_key(struct memory_store *store, struct uuid id) {
    MEMORY_ADD(store, memory_api_key, api_key_map, id);
    made->next = store->api_keys;
    store->api_keys = made;
    return made;
}

struct memory_staff *memory_add_staff(struct memory_store *store, struct uuid id) {
    MEMORY_ADD(store, memory_staff, staff_map, id);
    made->next = store->staff;
    store->staff = made;
    return made;
}

struct memory_session *memory_add_session(struct memory_store *store, struct uuid id) {
    MEMORY_ADD(store, memory_session, session_map, id);
    made->next = store->sessions;
    store->sessions = made;
    return made;
}

struct memory_shift *memory_add_shift(struct memory_store *store, struct uuid id) {
    MEMORY_ADD(store, memory_shift, shift_map, id);
    made->next = store->shifts;
    store->shifts = made;
    return made;
}

static uint64_t customer_hash(struct uuid type_id, struct uuid user_id) {
    return uuid_hash(type_id) * 31 + uuid_hash(user_id);
}

struct memory_customer *memory_customer(const struct memory_store *store, struct uuid type_id,
                                        struct uuid user_id) {
    uint64_t hash = customer_hash(type_id, user_id);
    struct memory_customer *found;
    for (size_t at = 0; (found = map_next(&store->customer_map, hash, &at)) != NULL;) {
        if (uuid_equals(found->ticket_type_id, type_id) && uuid_equals(found->user_id, user_id)) {
            return found;
        }
    }
    return NULL;
}

struct memory_customer *memory_add_customer(struct memory_store *store, struct uuid type_id,
                                            struct uuid user_id) {
    struct memory_customer *made = memory_take(store, sizeof *made);
    *made = (struct memory_customer){.ticket_type_id = type_id, .user_id = user_id};
    file(store, &store->customer_map, customer_hash(type_id, user_id), made);
    return made;
}

static uint64_t idempotency_hash(struct uuid principal, struct text key) {
    uint64_t hash = uuid_hash(principal);
    for (size_t i = 0; i < key.length; i++) {
        hash = (hash ^ (unsigned char)key.bytes[i]) * UINT64_C(0x100000001b3);
    }
    return hash ^ (hash >> 32);
}

struct memory_idempotency *memory_idempotency(const struct memory_store *store,
                                              struct uuid principal, struct text key) {
    uint64_t hash = idempotency_hash(principal, key);
    struct memory_idempotency *found;
    for (size_t at = 0; (found = map_next(&store->idempotency_map, hash, &at)) != NULL;) {
        if (!found->forgotten && uuid_equals(found->principal, principal) &&
            text_equals(found->key, key)) {
            return found;
        }
    }
    return NULL;
}

struct memory_idempotency *memory_add_idempotency(struct memory_store *store, struct uuid principal,
                                                  struct text key) {
    struct memory_idempotency *made = memory_take(store, sizeof *made);
    made->principal = principal;
    made->key = key;
    *store->newest_key = made;
    store->newest_key = &made->next;
    file(store, &store->idempotency_map, idempotency_hash(principal, key), made);
    return made;
}

void memory_rows_push(struct memory_store *store, struct memory_rows *rows, void *row) {
    if (rows->count == rows->capacity) {
        size_t capacity = rows->capacity == 0 ? 16 : rows->capacity * 2;
        void **list = memory_take(store, capacity * sizeof *list);
        if (rows->count > 0) {
            memcpy(list, rows->list, rows->count * sizeof *list);
        }
        rows->list = list;
        rows->capacity = capacity;
    }
    rows->list[rows->count++] = row;
}
