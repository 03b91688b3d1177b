/* R1, R2, R13, R15: a new reservation, or a cart of several. */
#include "domain/ledger.h"
#include "domain/limits.h"
#include "domain/taking.h"

static bool seconds_are_valid(struct decision *decision, int32_t seconds) {
    if (seconds < 1 || seconds > RESERVATION_SECONDS_MAX) {
        decision_invalid(decision, TEXT("/expires_in_seconds"),
                         "A reservation lives between 1 second and 2 hours.");
        return false;
    }
    return true;
}

void decide_reserve(struct decision *decision) {
    const struct reserve_command *asked = &decision->command->of.reserve;
    struct uuid customer = command_customer(decision->command);
    struct wants wants;
    if (!seconds_are_valid(decision, asked->seconds) ||
        !taking_gather(decision, asked->items, &wants) ||
        !taking_allowed(decision, &wants, customer) || !taking_amount(decision, &wants)) {
        return;
    }
    struct instant now = decision->world->now;
    struct instant expires_at = instant_plus_seconds(now, asked->seconds);
    struct world_cart *cart = NULL;
    if (decision->command->kind == COMMAND_CART_CREATE) {
        struct cart row = {.id = decision_id(decision, wants.event),
                           .event_id = wants.event->row.id,
                           .user_id = customer,
                           .status = RESERVATION_ACTIVE,
                           .currency = wants.event->row.currency,
                           .expires_at = expires_at,
                           .created_at = now,
                           .updated_at = now,
                           .completed_at = INSTANT_NONE};
        cart = taking_new_cart(decision, &row);
        if (cart == NULL) {
            return;
        }
    }
    struct reservation pattern =
        taking_pattern(decision, customer, cart == NULL ? UUID_NONE : cart->row.id, expires_at);
    struct world_reservation *made = NULL;
    for (size_t i = 0; i < wants.count; i++) {
        made = taking_reserve(decision, &wants.list[i], &pattern);
        if (made == NULL) {
            return;
        }
        taking_record(decision, made, made->row.quantity);
    }
    if (cart != NULL) {
        decision_answer_cart(decision, cart);
    } else {
        decision_answer_reservation(decision, made);
    }
}
