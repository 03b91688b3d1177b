/* R9: more tickets, or fewer; initial inventory never changes. */
#include "domain/ledger.h"
#include "domain/limits.h"

static bool is_archived(struct decision *decision, const struct world_type *type) {
    if (instant_is_none(type->row.archived_at) && instant_is_none(type->event->row.archived_at)) {
        return false;
    }
    struct facts *facts = decision_refuse(decision, VERDICT_ARCHIVED);
    facts->ticket_type_id = type->row.id;
    facts->name = type->row.name;
    return true;
}

static bool total_is_expected(struct decision *decision, const struct world_type *type) {
    const struct adjust_command *asked = &decision->command->of.adjust;
    if (asked->expected_total < 0 || asked->expected_total == type->row.counts.total) {
        return true;
    }
    struct facts *facts = decision_refuse(decision, VERDICT_STALE_TOTAL);
    facts->ticket_type_id = type->row.id;
    facts->name = type->row.name;
    facts->requested = asked->expected_total;
    facts->total = type->row.counts.total;
    return false;
}

static bool fits(struct decision *decision, const struct world_type *type) {
    const struct adjust_command *asked = &decision->command->of.adjust;
    struct counts counts = type->row.counts;
    if (asked->action == ACTION_INCREASE) {
        if (asked->quantity > COUNT_MAX - counts.total) {
            decision_invalid(decision, TEXT("/quantity"),
                             "The total would pass 2,147,483,647 tickets.");
            return false;
        }
        return true;
    }
    int64_t shortfall = (int64_t)asked->quantity - counts_available(counts);
    if (shortfall <= 0) {
        return true;
    }
    struct facts *facts = decision_refuse(decision, VERDICT_BELOW_COMMITTED);
    facts->ticket_type_id = type->row.id;
    facts->name = type->row.name;
    facts->requested = asked->quantity;
    facts->total = counts.total;
    facts->sold = counts.sold;
    facts->reserved = counts.reserved;
    facts->available = counts_available(counts);
    facts->shortfall = shortfall;
    return false;
}

void decide_adjust(struct decision *decision) {
    const struct adjust_command *asked = &decision->command->of.adjust;
    struct text reason;
    if (asked->quantity < 1) {
        decision_invalid(decision, TEXT("/quantity"), "A quantity is at least 1.");
        return;
    }
    if (!decision_reason(decision, asked->reason, true, &reason)) {
        return;
    }
    struct world_type *type = decision_type(decision, asked->ticket_type_id);
    if (type == NULL || is_archived(decision, type) || !total_is_expected(decision, type) ||
        !fits(decision, type)) {
        return;
    }
    int64_t change = asked->action == ACTION_INCREASE ? asked->quantity : -(int64_t)asked->quantity;
    const struct audit_entry *entry = ledger_record(decision, type,
                                                    (struct posting){.action = asked->action,
                                                                     .quantity = asked->quantity,
                                                                     .delta = {.total = change},
                                                                     .reason = reason});
    struct audit_entry *copy = arena_new(decision->world->arena, struct audit_entry);
    if (entry == NULL || copy == NULL) {
        decision->spent = true;
        return;
    }
    *copy = *entry;
    decision->outcome->entries = copy;
    decision->outcome->entries_count = 1;
    decision_answer_type(decision, type);
}
