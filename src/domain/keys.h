/* keys.h - which rows must be read before a batch can be decided?
 *
 * A set: each id stands in it once. Stores read these rows and those that
 * follow from them:
 *   reservations -> their ticket types; carts -> their lines -> their ticket types;
 *   shifts, operators -> their shift and its totals;
 *   ticket types -> their events; staff -> their roles; events -> their venues are not needed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/uuid.h"
#include "domain/command.h"

struct id_set {
    struct uuid *list;
    size_t count, capacity;
};

struct idempotency_pair {
    struct uuid principal;
    struct text key;
};

struct customer_pair {
    struct uuid ticket_type_id, user_id;
};

/* As a customer_pair, of the user that the cart's row names. */
struct cart_customer_pair {
    struct uuid ticket_type_id, cart_id;
};

struct keys {
    struct arena *arena;
    struct id_set types, reservations, carts, events, venues, api_keys;
    struct id_set currency_events; /* events asked whether anything was ever reserved or sold */
    struct id_set staff;           /* with their live sessions */
    bool all_staff;                /* every member, without the sessions of the others */
    struct id_set shifts;
    struct id_set operators; /* whose open shift, where there is one, is read */
    struct idempotency_pair *idempotency;
    size_t idempotency_count, idempotency_capacity;
    struct customer_pair *customers; /* read only for types that limit them */
    size_t customers_count, customers_capacity;
    struct cart_customer_pair *cart_customers;
    size_t cart_customers_count, cart_customers_capacity;
};

void keys_init(struct keys *keys, struct arena *arena);

/* Adds what `command` needs; false when the arena is spent. */
bool keys_add(struct keys *keys, const struct command *command);

/* Sorts the id sets and drops repeats; idempotency pairs are sorted by (principal, key),
 * customers by (type, user or cart). Ascending: the order in which stores lock. */
void keys_seal(struct keys *keys);
