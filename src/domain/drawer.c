#include "domain/drawer.h"

#include "base/check.h"

struct world_shift *drawer_shift(const struct decision *decision, struct currency currency) {
    if (!command_is_at_till(decision->command)) {
        return NULL;
    }
    struct world_shift *shift =
        world_open_shift(decision->world, decision->command->caller.actor.id);
    bool fits = shift != NULL && strcmp(shift->row.currency.code, currency.code) == 0;
    return fits ? shift : NULL;
}

static struct world_shift_total *find_total(const struct world_shift *shift, struct text tender) {
    struct world_shift_total *total = shift->totals;
    while (total != NULL && !text_equals(total->row.tender, tender)) {
        total = total->next;
    }
    return total;
}

/* Sums that stay below the limit together are below it each. */
static bool is_counted_exactly(const struct world_shift *shift, struct drawer_entry entry) {
    int64_t money = 0;
    int64_t tickets = 0;
    for (const struct world_shift_total *each = shift->totals; each != NULL; each = each->next) {
        money += each->row.gross + each->row.refunds;
        tickets += each->row.tickets_sold + each->row.tickets_refunded;
    }
    return entry.amount <= SHIFT_MONEY_MAX - money && entry.quantity <= SHIFT_MONEY_MAX - tickets;
}

bool drawer_takes(struct decision *decision, const struct world_shift *shift,
                  struct drawer_entry entry) {
    if (shift == NULL) {
        return true;
    }
    if (shift->fault != NULL) {
        decision_refuse(decision, VERDICT_INVENTORY_INCONSISTENT)->shift_id = shift->row.id;
        return false;
    }
    bool is_new = find_total(shift, entry.tender) == NULL;
    if (is_new && shift->totals_count == SHIFT_TENDERS_MAX) {
        decision_invalid(decision, TEXT("/tender"), "A shift knows at most 32 tenders.");
        return false;
    }
    if (!is_counted_exactly(shift, entry)) {
        decision_invalid(decision, TEXT("/shift"), "The shift's sums would become too large.");
        return false;
    }
    return true;
}

static struct world_shift_total *total_of(struct decision *decision, struct world_shift *shift,
                                          struct text tender) {
    struct world_shift_total *total = find_total(shift, tender);
    if (total == NULL) {
        total =
            world_add_shift_total(decision->world, shift, &(struct shift_total){.tender = tender});
        decision->spent |= total == NULL;
        if (total != NULL) {
            total->state = ROW_NEW;
        }
    }
    return total;
}

void drawer_sell(struct decision *decision, struct world_shift *shift, struct drawer_entry entry) {
    struct world_shift_total *total =
        shift == NULL ? NULL : total_of(decision, shift, entry.tender);
    if (total != NULL) {
        total->row.sales++;
        total->row.tickets_sold += entry.quantity;
        total->row.gross += entry.amount;
        row_changed(&total->state);
        ensure(total->row.gross <= SHIFT_MONEY_MAX);
    }
}

void drawer_refund(struct decision *decision, struct world_shift *shift,
                   struct drawer_entry entry) {
    struct world_shift_total *total =
        shift == NULL ? NULL : total_of(decision, shift, entry.tender);
    if (total != NULL) {
        total->row.tickets_refunded += entry.quantity;
        total->row.refunds += entry.amount;
        row_changed(&total->state);
        ensure(total->row.refunds <= SHIFT_MONEY_MAX);
    }
}
