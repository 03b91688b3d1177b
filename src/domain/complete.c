/* R4, R5, R16: reserved tickets become sold under an order id, late ones too while there are
 * enough. */
#include "domain/drawer.h"
#include "domain/ledger.h"
#include "domain/limits.h"
#include "domain/taking.h"

static bool channel_is_allowed(struct decision *decision, enum channel channel) {
    if (channel_is_of_staff(channel) &&
        access_reach(decision->command->caller.role, RIGHT_SELL) == REACH_NOTHING) {
        decision_refuse(decision, VERDICT_ROLE_REQUIRED);
        return false;
    }
    return true;
}

/* R5: takes the tickets again, all lines or none. */
static bool may_take_again(struct decision *decision, const struct lines *lines) {
    if (decision->command->of.complete.refuse_if_expired) {
        decision_refuse_status(decision, lines);
        return false;
    }
    for (size_t i = 0; i < lines->count; i++) {
        const struct world_type *type = lines->list[i]->type;
        if (!instant_is_none(type->row.archived_at) ||
            !instant_is_none(type->event->row.archived_at)) {
            struct facts *facts = decision_refuse(decision, VERDICT_ARCHIVED);
            facts->ticket_type_id = type->row.id;
            facts->name = type->row.name;
            return false;
        }
        int64_t needed = 0; /* by all lines of this type that hold nothing any more */
        for (size_t j = 0; j < lines->count; j++) {
            const struct world_reservation *line = lines->list[j];
            bool lapsed = line->type == type && line->row.status != RESERVATION_ACTIVE;
            needed += lapsed ? line->row.quantity : 0;
        }
        if (!taking_enough(decision, type, needed, VERDICT_RESERVATION_EXPIRED)) {
            decision_refuse_status(decision, lines); /* beside the facts of the type */
            return false;
        }
    }
    return true;
}

static struct drawer_entry drawer_entry_of(const struct decision *decision,
                                           const struct lines *lines) {
    const struct complete_command *asked = &decision->command->of.complete;
    struct drawer_entry entry = {.tender = asked->tender};
    for (size_t i = 0; i < lines->count; i++) {
        const struct reservation *row = &lines->list[i]->row;
        entry.quantity += row->quantity;
        entry.amount += asked->channel == CHANNEL_COMP ? 0 : row->quantity * row->unit_price;
    }
    return entry;
}

/* What the lines of one order have in common. */
struct completion {
    struct text order_id, reason;
    struct uuid shift_id;
};

static void complete_line(struct decision *decision, struct world_reservation *line,
                          const struct completion *completion) {
    const struct complete_command *asked = &decision->command->of.complete;
    struct reservation *row = &line->row;
    bool late = row->status != RESERVATION_ACTIVE;
    row->status = RESERVATION_COMPLETED;
    row->order_id = completion->order_id;
    row->channel = asked->channel;
    row->tender = asked->tender;
    row->sold_by = decision->command->caller.actor.id;
    row->shift_id = completion->shift_id;
    row->completed_at = decision->world->now;
    if (asked->channel == CHANNEL_COMP) {
        row->unit_price = 0;
    }
    decision_touch_line(decision, line);
    ledger_record(decision, line->type,
                  (struct posting){.action = ACTION_SALE,
                                   .quantity = row->quantity,
                                   .delta = {.sold = row->quantity,
                                             .reserved = late ? 0 : -(int64_t)row->quantity},
                                   .reason = completion->reason,
                                   .about = row});
    if (late) {
        ledger_customer(decision->world, row, row->quantity);
    }
}

static void complete_cart(struct decision *decision, struct world_cart *cart,
                          const struct completion *completion) {
    const struct complete_command *asked = &decision->command->of.complete;
    cart->row.status = RESERVATION_COMPLETED;
    cart->row.order_id = completion->order_id;
    cart->row.channel = asked->channel;
    cart->row.tender = asked->tender;
    cart->row.sold_by = decision->command->caller.actor.id;
    cart->row.shift_id = completion->shift_id;
    cart->row.completed_at = decision->world->now;
    decision_touch_cart(decision, cart);
}

void decide_complete(struct decision *decision) {
    const struct complete_command *asked = &decision->command->of.complete;
    struct lines lines;
    struct text order_id;
    struct text reason;
    if (!channel_is_allowed(decision, asked->channel) ||
        !decision_order_id(decision, asked->order_id, &order_id) ||
        !decision_reason(decision, asked->reason, asked->channel == CHANNEL_COMP, &reason) ||
        !decision_lines(decision, asked->target, true, &lines)) {
        return;
    }
    if (lines.status == RESERVATION_COMPLETED) {
        if (text_equals(lines.order_id, order_id)) {
            decision_answer_lines(decision, &lines); /* the sale as it now stands */
        } else {
            decision_refuse_status(decision, &lines);
            decision->outcome->verdict = VERDICT_ORDER_MISMATCH;
        }
        return;
    }
    if (lines.status == RESERVATION_RELEASED) {
        decision_refuse_status(decision, &lines);
        return;
    }
    if (lines.status == RESERVATION_EXPIRED && !may_take_again(decision, &lines)) {
        return;
    }
    struct world_shift *shift = drawer_shift(decision, lines.list[0]->row.currency);
    struct drawer_entry entry = drawer_entry_of(decision, &lines);
    if (!drawer_takes(decision, shift, entry)) {
        return;
    }
    struct completion completion = {order_id, reason, shift == NULL ? UUID_NONE : shift->row.id};
    for (size_t i = 0; i < lines.count; i++) {
        complete_line(decision, lines.list[i], &completion);
    }
    if (lines.cart != NULL) {
        complete_cart(decision, lines.cart, &completion);
    }
    drawer_sell(decision, shift, entry);
    decision_answer_lines(decision, &lines);
}
