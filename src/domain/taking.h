/* taking.h - may these tickets be newly taken, by this caller, for this customer? (R1, R2, R15)
 *
 * Private to domain/. One answer for reservations, carts, changed carts and
 * direct sales: no path takes tickets around it. */
#pragma once

#include "domain/decision.h"

/* What is wanted of one ticket type; lines of one type are summed first (R2). */
struct want {
    struct world_type *type;
    size_t index;       /* of the first item that asked for it */
    int64_t quantity;   /* in all */
    int64_t additional; /* of these, not yet held by the same reservation */
    int64_t unit_price; /* today's; of a line that stays in its cart, that line's (R16) */
};

struct wants {
    struct want list[CART_LINES_MAX];
    size_t count;
    struct world_event *event;
};

/* Sums the items by type; all types are there, sound, in reach, and of one event. Refuses else. */
bool taking_gather(struct decision *decision, struct items items, struct wants *wants);

/* Everything that binds a new taking, and that there are enough. Refuses else. */
bool taking_allowed(struct decision *decision, const struct wants *wants, struct uuid customer);

/* The price of all wants together stays exact in JSON (R16). Refuses else. */
bool taking_amount(struct decision *decision, const struct wants *wants);

/* True where there are `additional` more of the type; else refuses with the facts of the case. */
bool taking_enough(struct decision *decision, const struct world_type *type, int64_t additional,
                   enum verdict verdict);

/* What all reservations of one request have in common: active, for `customer`, until expires_at. */
struct reservation taking_pattern(const struct decision *decision, struct uuid customer,
                                  struct uuid cart_id, struct instant expires_at);

/* Makes the row of a want; its entry is the caller's to record. NULL: the arena is spent. */
struct world_reservation *taking_reserve(struct decision *decision, const struct want *want,
                                         const struct reservation *pattern);

/* The cart's row, new. NULL: the arena is spent. */
struct world_cart *taking_new_cart(struct decision *decision, const struct cart *row);

/* Moves `quantity` of the line's tickets to reserved, with its entry. */
void taking_record(struct decision *decision, const struct world_reservation *line,
                   int32_t quantity);
