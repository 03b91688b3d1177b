/* R8: a direct sale takes from the same inventory in one step. */
#include "domain/drawer.h"
#include "domain/ledger.h"
#include "domain/taking.h"

enum { ORDER_ID_CHARACTERS = 10 };

/* "BO-" and ten characters (Crockford's base 32) of the cart's counter and random bits; the cart's
 * own id where order ids are uuids. */
static struct text made_order_id(struct decision *decision, struct uuid cart_id) {
    char uuid[UUID_TEXT_SIZE];
    if (decision->world->order_ids_are_uuids) {
        return arena_copy(decision->world->arena, text_of(uuid_format(cart_id, uuid)));
    }
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    uint64_t bits = 0;
    for (int i = 7; i < 14; i++) { /* 56 bits, of which the last 50 are used */
        bits = bits << 8 | cart_id.bytes[i];
    }
    char characters[ORDER_ID_CHARACTERS + 1] = {0};
    for (int i = ORDER_ID_CHARACTERS - 1; i >= 0; i--) {
        characters[i] = digits[bits & 31];
        bits >>= 5;
    }
    return arena_printf(decision->world->arena, "BO-%s", characters);
}

static bool order_is_named(struct decision *decision) {
    const struct sell_command *asked = &decision->command->of.sell;
    if (text_is_absent(asked->order_id) && !channel_is_of_staff(asked->channel)) {
        decision_invalid(decision, TEXT("/order_id"), "This channel needs the shop's order id.");
        return false;
    }
    return true;
}

static struct cart sold_cart(struct decision *decision, const struct world_event *event,
                             struct uuid customer, struct text order_id,
                             const struct world_shift *shift) {
    const struct sell_command *asked = &decision->command->of.sell;
    struct instant now = decision->world->now;
    struct cart cart = {.id = decision_id(decision, event),
                        .event_id = event->row.id,
                        .user_id = customer,
                        .sold_by = decision->command->caller.actor.id,
                        .shift_id = shift == NULL ? UUID_NONE : shift->row.id,
                        .status = RESERVATION_COMPLETED,
                        .channel = asked->channel,
                        .currency = event->row.currency,
                        .tender = asked->tender,
                        .order_id = order_id,
                        .expires_at = INSTANT_NONE,
                        .created_at = now,
                        .updated_at = now,
                        .completed_at = now};
    if (text_is_absent(cart.order_id)) {
        cart.order_id = made_order_id(decision, cart.id);
        decision->spent |= text_is_absent(cart.order_id);
    }
    return cart;
}

static bool gather(struct decision *decision, struct wants *wants) {
    const struct sell_command *asked = &decision->command->of.sell;
    if (!taking_gather(decision, asked->items, wants)) {
        return false;
    }
    for (size_t i = 0; asked->channel == CHANNEL_COMP && i < wants->count; i++) {
        wants->list[i].unit_price = 0;
    }
    return true;
}

/* What all of it costs: taking_amount() saw that it is exact. */
static struct drawer_entry drawer_entry_of(const struct wants *wants, struct text tender) {
    struct drawer_entry entry = {.tender = tender};
    for (size_t i = 0; i < wants->count; i++) {
        entry.quantity += wants->list[i].quantity;
        entry.amount += wants->list[i].quantity * wants->list[i].unit_price;
    }
    return entry;
}

void decide_sell(struct decision *decision) {
    const struct sell_command *asked = &decision->command->of.sell;
    struct uuid customer = command_customer(decision->command);
    struct wants wants;
    struct text order_id;
    struct text reason;
    if (!order_is_named(decision) || !decision_order_id(decision, asked->order_id, &order_id) ||
        !decision_reason(decision, asked->reason, asked->channel == CHANNEL_COMP, &reason) ||
        !gather(decision, &wants) || !taking_allowed(decision, &wants, customer) ||
        !taking_amount(decision, &wants)) {
        return;
    }
    struct world_shift *shift = drawer_shift(decision, wants.event->row.currency);
    struct drawer_entry entry = drawer_entry_of(&wants, asked->tender);
    if (!drawer_takes(decision, shift, entry)) {
        return;
    }
    struct cart row = sold_cart(decision, wants.event, customer, order_id, shift);
    struct world_cart *cart = decision->spent ? NULL : taking_new_cart(decision, &row);
    if (cart == NULL) {
        return;
    }
    struct reservation pattern = {.cart_id = row.id,
                                  .user_id = customer,
                                  .sold_by = row.sold_by,
                                  .shift_id = row.shift_id,
                                  .status = RESERVATION_COMPLETED,
                                  .channel = row.channel,
                                  .tender = row.tender,
                                  .order_id = row.order_id,
                                  .expires_at = INSTANT_NONE,
                                  .created_at = row.created_at,
                                  .updated_at = row.created_at,
                                  .completed_at = row.created_at};
    for (size_t i = 0; i < wants.count; i++) {
        struct world_reservation *sale = taking_reserve(decision, &wants.list[i], &pattern);
        if (sale == NULL) {
            return;
        }
        ledger_record(decision, sale->type,
                      (struct posting){.action = ACTION_SALE,
                                       .quantity = sale->row.quantity,
                                       .delta = {.sold = sale->row.quantity},
                                       .reason = reason,
                                       .about = &sale->row});
    }
    drawer_sell(decision, shift, entry);
    decision_answer_cart(decision, cart);
}
