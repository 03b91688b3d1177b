/* R2: the lines of an active cart are replaced, whole or refused; the timer stays. */
#include "domain/ledger.h"
#include "domain/taking.h"

static struct world_reservation *line_of(const struct lines *lines, const struct world_type *type) {
    for (size_t i = 0; i < lines->count; i++) {
        if (lines->list[i]->type == type) {
            return lines->list[i];
        }
    }
    return NULL;
}

static bool is_wanted(const struct wants *wants, const struct world_type *type) {
    for (size_t i = 0; i < wants->count; i++) {
        if (wants->list[i].type == type) {
            return true;
        }
    }
    return false;
}

static void give_back(struct decision *decision, struct world_reservation *line, int32_t quantity) {
    ledger_record(decision, line->type,
                  (struct posting){.action = ACTION_RELEASE,
                                   .quantity = quantity,
                                   .delta = {.reserved = -quantity},
                                   .about = &line->row});
    ledger_customer(decision->world, &line->row, -quantity);
}

/* What is given back goes first: a type's own tickets may be what another line needs. */
static void remove_unwanted(struct decision *decision, const struct lines *lines,
                            const struct wants *wants) {
    for (size_t i = 0; i < lines->count; i++) {
        struct world_reservation *line = lines->list[i];
        if (!is_wanted(wants, line->type)) {
            give_back(decision, line, line->row.quantity);
            line->row.status = RESERVATION_RELEASED;
            decision_touch_line(decision, line);
        }
    }
}

static void resize(struct decision *decision, struct world_reservation *line,
                   const struct want *want) {
    if (want->additional == 0) {
        return;
    }
    int32_t difference = (int32_t)want->additional;
    line->row.quantity = (int32_t)want->quantity;
    decision_touch_line(decision, line);
    if (difference > 0) {
        taking_record(decision, line, difference);
        ledger_customer(decision->world, &line->row, difference);
    } else {
        give_back(decision, line, -difference);
    }
}

void decide_cart_replace(struct decision *decision) {
    const struct reserve_command *asked = &decision->command->of.reserve;
    struct lines lines;
    if (!decision_lines(decision, (struct target){asked->cart_id, .is_cart = true}, true, &lines)) {
        return;
    }
    if (!caller_reaches_event(&decision->command->caller, lines.event_id)) {
        decision_refuse(decision, VERDICT_EVENT_OUT_OF_SCOPE)->event_id = lines.event_id;
        return;
    }
    if (lines.status != RESERVATION_ACTIVE) {
        decision_refuse_status(decision, &lines);
        return;
    }
    struct wants wants;
    if (!taking_gather(decision, asked->items, &wants)) {
        return;
    }
    if (!uuid_equals(wants.event->row.id, lines.event_id)) {
        decision_invalid_item(decision, 0, "ticket_type_id", "The cart belongs to another event.");
        return;
    }
    for (size_t i = 0; i < wants.count; i++) {
        const struct world_reservation *line = line_of(&lines, wants.list[i].type);
        if (line != NULL) {
            wants.list[i].additional -= line->row.quantity;
            wants.list[i].unit_price = line->row.unit_price;
        }
    }
    struct world_cart *cart = lines.cart;
    if (!taking_allowed(decision, &wants, cart->row.user_id) || !taking_amount(decision, &wants)) {
        return;
    }
    remove_unwanted(decision, &lines, &wants);
    struct reservation pattern =
        taking_pattern(decision, cart->row.user_id, cart->row.id, cart->row.expires_at);
    for (size_t i = 0; i < wants.count && !decision->spent; i++) {
        struct world_reservation *line = line_of(&lines, wants.list[i].type);
        if (line != NULL) {
            resize(decision, line, &wants.list[i]);
        } else if ((line = taking_reserve(decision, &wants.list[i], &pattern)) != NULL) {
            taking_record(decision, line, line->row.quantity);
        }
    }
    decision_touch_cart(decision, cart);
    decision_answer_cart(decision, cart);
}
