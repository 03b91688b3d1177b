/* R7: any part of a sale is taken back, in all no more than was sold. */
#include "domain/drawer.h"
#include "domain/ledger.h"
#include "domain/limits.h"

/* Own sales: of the open shift, without one of the last hours. */
static bool is_own_sale(const struct decision *decision, const struct reservation *sale) {
    struct uuid actor = decision->command->caller.actor.id;
    if (uuid_is_none(actor) || !uuid_equals(sale->sold_by, actor)) {
        return false;
    }
    const struct world_shift *shift = drawer_shift(decision, sale->currency);
    struct instant since = instant_plus_seconds(decision->world->now, -OWN_SALES_SECONDS);
    return shift != NULL ? uuid_equals(sale->shift_id, shift->row.id)
                         : !instant_before(sale->completed_at, since);
}

static bool may_refund(struct decision *decision, const struct reservation *sale) {
    const struct caller *caller = &decision->command->caller;
    if (access_reach(caller->role, RIGHT_REFUND) != REACH_OWN) {
        return true;
    }
    if (!is_own_sale(decision, sale)) {
        decision_refuse(decision, VERDICT_ROLE_REQUIRED)->reservation_id = sale->id;
        return false;
    }
    return true;
}

/* Never more than its type counts as sold: an application before ticketd may have taken tickets
 * back without a word in the reservation. */
static int64_t left_of(const struct world_reservation *line) {
    const struct reservation *sale = &line->row;
    int64_t left = (int64_t)sale->quantity - sale->refunded_quantity;
    int64_t sold = line->type->row.counts.sold;
    if (sale->status != RESERVATION_COMPLETED) {
        return 0;
    }
    return left < sold ? left : sold;
}

static void refuse_not_sold(struct decision *decision, const struct world_reservation *sale,
                            int64_t requested) {
    struct facts *facts = decision_refuse(decision, VERDICT_NOT_SOLD);
    facts->reservation_id = sale->row.id;
    facts->ticket_type_id = sale->row.ticket_type_id;
    facts->requested = requested == 0 ? FACT_NONE : requested;
    facts->sold_remaining = left_of(sale);
}

/* How much of each line is to be taken back; false when it is refused. */
struct shares {
    int64_t quantity[CART_LINES_MAX];
    int64_t sum;
};

static bool shares_of_items(struct decision *decision, const struct lines *lines,
                            struct items items, struct shares *shares) {
    for (size_t i = 0; i < items.count; i++) {
        size_t at = 0;
        while (at < lines->count && !uuid_equals(lines->list[at]->row.id, items.list[i].id)) {
            at++;
        }
        if (at == lines->count) {
            decision_invalid_item(decision, i, "reservation_id", "It is not a line of this cart.");
            return false;
        }
        if (items.list[i].quantity < 1) {
            decision_invalid_item(decision, i, "quantity", "A quantity is at least 1.");
            return false;
        }
        shares->quantity[at] += items.list[i].quantity;
        shares->sum += items.list[i].quantity;
    }
    return true;
}

static void shares_of_all(const struct lines *lines, struct shares *shares) {
    for (size_t i = 0; i < lines->count; i++) {
        shares->quantity[i] = left_of(lines->list[i]);
        shares->sum += shares->quantity[i];
    }
}

static bool shares_are_sold(struct decision *decision, const struct lines *lines,
                            const struct shares *shares) {
    for (size_t i = 0; i < lines->count; i++) {
        const struct reservation *sale = &lines->list[i]->row;
        bool is_meant = shares->quantity[i] > 0 || shares->sum == 0;
        if (is_meant && sale->status == RESERVATION_COMPLETED && !may_refund(decision, sale)) {
            return false;
        }
    }
    if (shares->sum == 0) {
        refuse_not_sold(decision, lines->list[0], 0);
        return false;
    }
    for (size_t i = 0; i < lines->count; i++) {
        const struct world_reservation *sale = lines->list[i];
        if (shares->quantity[i] > left_of(sale)) {
            refuse_not_sold(decision, sale, shares->quantity[i]);
            return false;
        }
    }
    return true;
}

static bool gather_shares(struct decision *decision, const struct lines *lines,
                          struct shares *shares) {
    const struct refund_command *asked = &decision->command->of.refund;
    *shares = (struct shares){.sum = 0};
    if (lines->cart == NULL && asked->quantity > 0) {
        shares->quantity[0] = shares->sum = asked->quantity;
    } else if (lines->cart != NULL && asked->items.count > 0) {
        if (!shares_of_items(decision, lines, asked->items, shares)) {
            return false;
        }
    } else {
        shares_of_all(lines, shares);
    }
    return shares_are_sold(decision, lines, shares);
}

/* What is paid back, in the refund's tender: of a sale's lines all have the same. */
static struct drawer_entry drawer_entry_of(const struct decision *decision,
                                           const struct lines *lines, const struct shares *shares) {
    struct text asked = decision->command->of.refund.tender;
    struct drawer_entry entry = {
        .tender = text_is_absent(asked) ? lines->list[0]->row.tender : asked,
        .quantity = shares->sum,
    };
    for (size_t i = 0; i < lines->count; i++) {
        entry.amount += shares->quantity[i] * lines->list[i]->row.unit_price;
    }
    return entry;
}

static struct audit_entry *refund_line(struct decision *decision, struct world_reservation *line,
                                       int32_t quantity, struct text reason,
                                       const struct world_shift *shift) {
    const struct refund_command *asked = &decision->command->of.refund;
    line->row.refunded_quantity += quantity;
    decision_touch_line(decision, line);
    struct reservation about = line->row;
    if (!text_is_absent(asked->tender)) {
        about.tender = asked->tender; /* of the refund, not of the sale */
    }
    about.shift_id = shift == NULL ? UUID_NONE : shift->row.id; /* likewise */
    bool voided = asked->disposition == DISPOSITION_VOID;
    struct audit_entry *entry =
        ledger_record(decision, line->type,
                      (struct posting){.action = ACTION_REFUND,
                                       .quantity = quantity,
                                       .delta = {.sold = -(int64_t)quantity,
                                                 .total = voided ? -(int64_t)quantity : 0},
                                       .reason = reason,
                                       .disposition = asked->disposition,
                                       .about = &about});
    ledger_customer(decision->world, &line->row, -(int64_t)quantity);
    return entry;
}

void decide_refund(struct decision *decision) {
    const struct refund_command *asked = &decision->command->of.refund;
    struct lines lines;
    struct shares shares;
    struct text reason;
    if (asked->quantity < 0) {
        decision_invalid(decision, TEXT("/quantity"), "A quantity is at least 1.");
        return;
    }
    if (!decision_reason(decision, asked->reason, true, &reason) ||
        !decision_lines(decision, asked->target, false, &lines) ||
        !gather_shares(decision, &lines, &shares)) {
        return;
    }
    struct world_shift *shift = drawer_shift(decision, lines.list[0]->row.currency);
    struct drawer_entry entry = drawer_entry_of(decision, &lines, &shares);
    if (!drawer_takes(decision, shift, entry)) {
        return;
    }
    struct audit_entry *entries =
        arena_array(decision->world->arena, struct audit_entry, lines.count);
    decision->spent |= entries == NULL;
    size_t count = 0;
    for (size_t i = 0; i < lines.count && !decision->spent; i++) {
        if (shares.quantity[i] > 0) {
            const struct audit_entry *refund =
                refund_line(decision, lines.list[i], (int32_t)shares.quantity[i], reason, shift);
            if (refund != NULL) {
                entries[count++] = *refund;
            }
        }
    }
    drawer_refund(decision, shift, entry);
    decision->outcome->entries = entries;
    decision->outcome->entries_count = count;
    decision_answer_lines(decision, &lines);
}
