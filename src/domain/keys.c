#include "domain/keys.h"

#include <stdlib.h>

void keys_init(struct keys *keys, struct arena *arena) {
    *keys = (struct keys){.arena = arena};
}

/* Makes room for one more element of a growing array in the arena; NULL when that is spent. */
static void *room_for_one(struct arena *arena, void *list, size_t count, size_t *capacity,
                          size_t size) {
    if (count < *capacity) {
        return list;
    }
    size_t larger = *capacity == 0 ? 64 : *capacity * 2;
    void *copy = arena_take_array(arena, larger, size);
    if (copy != NULL) {
        if (count > 0) {
            memcpy(copy, list, count * size);
        }
        *capacity = larger;
    }
    return copy;
}

static bool add_id(struct keys *keys, struct id_set *set, struct uuid id) {
    /* The rush asks for one ticket type over and over. */
    if (set->count > 0 && uuid_equals(set->list[set->count - 1], id)) {
        return true;
    }
    struct uuid *list =
        room_for_one(keys->arena, set->list, set->count, &set->capacity, sizeof *list);
    if (list == NULL) {
        return false;
    }
    set->list = list;
    set->list[set->count++] = id;
    return true;
}

static bool add_customer(struct keys *keys, struct uuid ticket_type_id, struct uuid user_id) {
    struct customer_pair *list = room_for_one(keys->arena, keys->customers, keys->customers_count,
                                              &keys->customers_capacity, sizeof *list);
    if (list == NULL) {
        return false;
    }
    keys->customers = list;
    list[keys->customers_count++] = (struct customer_pair){ticket_type_id, user_id};
    return true;
}

static bool add_cart_customer(struct keys *keys, struct uuid ticket_type_id, struct uuid cart_id) {
    struct cart_customer_pair *list =
        room_for_one(keys->arena, keys->cart_customers, keys->cart_customers_count,
                     &keys->cart_customers_capacity, sizeof *list);
    if (list == NULL) {
        return false;
    }
    keys->cart_customers = list;
    list[keys->cart_customers_count++] = (struct cart_customer_pair){ticket_type_id, cart_id};
    return true;
}

static bool add_replacement(struct keys *keys, const struct reserve_command *command) {
    if (!add_id(keys, &keys->carts, command->cart_id)) {
        return false;
    }
    for (size_t i = 0; i < command->items.count; i++) {
        struct uuid ticket_type_id = command->items.list[i].id;
        if (!add_id(keys, &keys->types, ticket_type_id) ||
            !add_cart_customer(keys, ticket_type_id, command->cart_id)) {
            return false;
        }
    }
    return true;
}

static bool add_idempotency(struct keys *keys, const struct idempotency *idempotency) {
    if (text_is_absent(idempotency->key)) {
        return true;
    }
    struct idempotency_pair *list =
        room_for_one(keys->arena, keys->idempotency, keys->idempotency_count,
                     &keys->idempotency_capacity, sizeof *list);
    if (list == NULL) {
        return false;
    }
    keys->idempotency = list;
    list[keys->idempotency_count++] =
        (struct idempotency_pair){idempotency->principal, idempotency->key};
    return true;
}

static bool add_target(struct keys *keys, struct target target) {
    return add_id(keys, target.is_cart ? &keys->carts : &keys->reservations, target.id);
}

static bool add_items(struct keys *keys, struct items items, struct uuid user_id) {
    for (size_t i = 0; i < items.count; i++) {
        if (!add_id(keys, &keys->types, items.list[i].id) ||
            (!uuid_is_none(user_id) && !add_customer(keys, items.list[i].id, user_id))) {
            return false;
        }
    }
    return true;
}

static bool add_event_settings(struct keys *keys, const struct event_command *command) {
    if (!uuid_is_none(command->event.venue_id) &&
        !add_id(keys, &keys->venues, command->event.venue_id)) {
        return false;
    }
    if (uuid_is_none(command->event.id)) {
        return true;
    }
    if ((command->fields & SETTING_CURRENCY) != 0 &&
        !add_id(keys, &keys->currency_events, command->event.id)) {
        return false;
    }
    return add_id(keys, &keys->events, command->event.id);
}

/* Only whose shift it may be is looked up: a shop that sells online pays nothing for tills. */
static bool add_till(struct keys *keys, const struct command *command) {
    return !command_is_at_till(command) || add_id(keys, &keys->operators, command->caller.actor.id);
}

bool keys_add(struct keys *keys, const struct command *command) {
    if (!add_idempotency(keys, &command->idempotency)) {
        return false;
    }
    switch (command->kind) {
    case COMMAND_CART_REPLACE:
        return add_replacement(keys, &command->of.reserve);
    case COMMAND_RESERVE:
    case COMMAND_CART_CREATE:
        return add_items(keys, command->of.reserve.items, command_customer(command));
    case COMMAND_SELL:
        return add_items(keys, command->of.sell.items, command_customer(command)) &&
               add_till(keys, command);
    case COMMAND_COMPLETE:
        return add_target(keys, command->of.complete.target) && add_till(keys, command);
    case COMMAND_RELEASE:
        return add_target(keys, command->of.release.target);
    case COMMAND_EXTEND:
        return add_target(keys, command->of.extend.target);
    case COMMAND_REFUND:
        return add_target(keys, command->of.refund.target) && add_till(keys, command);
    case COMMAND_ADJUST:
        return add_id(keys, &keys->types, command->of.adjust.ticket_type_id);
    case COMMAND_SWEEP:
        return add_id(keys, &keys->types, command->of.sweep);
    case COMMAND_VENUE_CREATE:
        return true;
    case COMMAND_VENUE_CHANGE:
        return add_id(keys, &keys->venues, command->of.venue.venue.id);
    case COMMAND_VENUE_ARCHIVE:
        return add_id(keys, &keys->venues, command->of.archive.id);
    case COMMAND_EVENT_CREATE:
    case COMMAND_EVENT_CHANGE:
        return add_event_settings(keys, &command->of.event);
    case COMMAND_EVENT_ARCHIVE:
        return add_id(keys, &keys->events, command->of.archive.id);
    case COMMAND_TYPE_CREATE:
        return add_id(keys, &keys->events, command->of.type.type.event_id);
    case COMMAND_TYPE_CHANGE:
        return add_id(keys, &keys->types, command->of.type.type.id);
    case COMMAND_TYPE_ARCHIVE:
        return add_id(keys, &keys->types, command->of.archive.id);
    case COMMAND_KEY_CREATE:
        return true;
    case COMMAND_KEY_REVOKE:
    case COMMAND_KEY_TOUCH:
        return add_id(keys, &keys->api_keys, command->of.api_key.key.id);
    case COMMAND_STAFF_CREATE:
        keys->all_staff = true;
        return true;
    case COMMAND_STAFF_CHANGE:
    case COMMAND_STAFF_DISABLE:
        keys->all_staff = true; /* is another admin left? */
        return add_id(keys, &keys->staff, command->of.staff.staff.id);
    case COMMAND_STAFF_PASSWORD:
    case COMMAND_SESSION_BEGIN:
    case COMMAND_SESSION_END:
    case COMMAND_SESSION_TOUCH:
        return add_id(keys, &keys->staff, command->of.staff.staff.id);
    case COMMAND_PRUNE:
        return true;
    case COMMAND_SHIFT_OPEN:
        return add_till(keys, command);
    case COMMAND_SHIFT_CLOSE:
        return add_id(keys, &keys->shifts, command->of.shift.shift.id);
    }
    return false;
}

static int compare_ids(const void *a, const void *b) {
    return uuid_compare(*(const struct uuid *)a, *(const struct uuid *)b);
}

static int compare_customers(const void *a, const void *b) {
    const struct customer_pair *left = a;
    const struct customer_pair *right = b;
    int order = uuid_compare(left->ticket_type_id, right->ticket_type_id);
    return order != 0 ? order : uuid_compare(left->user_id, right->user_id);
}

static int compare_cart_customers(const void *a, const void *b) {
    const struct cart_customer_pair *left = a;
    const struct cart_customer_pair *right = b;
    int order = uuid_compare(left->ticket_type_id, right->ticket_type_id);
    return order != 0 ? order : uuid_compare(left->cart_id, right->cart_id);
}

static int compare_idempotency(const void *a, const void *b) {
    const struct idempotency_pair *left = a;
    const struct idempotency_pair *right = b;
    int order = uuid_compare(left->principal, right->principal);
    if (order != 0) {
        return order;
    }
    size_t shorter = left->key.length < right->key.length ? left->key.length : right->key.length;
    order = memcmp(left->key.bytes, right->key.bytes, shorter);
    return order != 0
               ? order
               : (left->key.length > right->key.length) - (left->key.length < right->key.length);
}

/* Sorts and drops repeats; the count that is left. */
static size_t unique(void *list, size_t count, size_t size,
                     int (*compare)(const void *, const void *)) {
    if (count < 2) {
        return count;
    }
    char *at = list;
    qsort(list, count, size, compare);
    size_t kept = 1;
    for (size_t i = 1; i < count; i++) {
        if (compare(at + (kept - 1) * size, at + i * size) != 0) {
            memmove(at + kept * size, at + i * size, size);
            kept++;
        }
    }
    return kept;
}

void keys_seal(struct keys *keys) {
    struct id_set *sets[] = {
        &keys->types,    &keys->reservations,    &keys->carts, &keys->events, &keys->venues,
        &keys->api_keys, &keys->currency_events, &keys->staff, &keys->shifts, &keys->operators};
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        sets[i]->count = unique(sets[i]->list, sets[i]->count, sizeof *sets[i]->list, compare_ids);
    }
    keys->idempotency_count = unique(keys->idempotency, keys->idempotency_count,
                                     sizeof *keys->idempotency, compare_idempotency);
    keys->customers_count =
        unique(keys->customers, keys->customers_count, sizeof *keys->customers, compare_customers);
    keys->cart_customers_count = unique(keys->cart_customers, keys->cart_customers_count,
                                        sizeof *keys->cart_customers, compare_cart_customers);
}
