/* Shifts are opened and closed (R17); what they count, drawer.c counts. */
#include "domain/shift.h"

#include "domain/decision.h"

int64_t shift_expected_cash(const struct shift_reading *shift) {
    int64_t cash = shift->row.opening_cash;
    for (size_t i = 0; i < shift->totals_count; i++) {
        if (text_equals(shift->totals[i].tender, TEXT("cash"))) {
            cash += shift->totals[i].gross - shift->totals[i].refunds;
        }
    }
    return cash;
}

struct shift_total shift_sum(const struct shift_reading *shift) {
    struct shift_total sum = {.tender = TEXT_NONE};
    for (size_t i = 0; i < shift->totals_count; i++) {
        sum.sales += shift->totals[i].sales;
        sum.tickets_sold += shift->totals[i].tickets_sold;
        sum.tickets_refunded += shift->totals[i].tickets_refunded;
        sum.gross += shift->totals[i].gross;
        sum.refunds += shift->totals[i].refunds;
    }
    return sum;
}

/* A copy of the shift and its totals as they stand; NULL when the arena is spent. */
static struct shift_reading *reading_of(struct decision *decision,
                                        const struct world_shift *shift) {
    struct arena *arena = decision->world->arena;
    struct shift_reading *reading = arena_new(arena, struct shift_reading);
    struct shift_total *totals = arena_array(arena, struct shift_total, shift->totals_count + 1);
    if (reading == NULL || totals == NULL) {
        decision->spent = true;
        return NULL;
    }
    size_t count = 0;
    for (const struct world_shift_total *each = shift->totals; each != NULL; each = each->next) {
        totals[count++] = each->row;
    }
    *reading = (struct shift_reading){shift->row, totals, count};
    return reading;
}

static void open_shift(struct decision *decision) {
    const struct shift *asked = &decision->command->of.shift.shift;
    const struct caller *caller = &decision->command->caller;
    if (!caller_has_till(caller)) { /* the system itself stands at no till */
        decision_refuse(decision, VERDICT_ROLE_REQUIRED);
        return;
    }
    const struct world_shift *open = world_open_shift(decision->world, caller->actor.id);
    if (open != NULL) {
        decision_refuse(decision, VERDICT_SHIFT_OPEN)->shift_id = open->row.id;
        return;
    }
    struct shift row = {.id = decision_id(decision, NULL),
                        .operator= caller->actor,
                        .terminal = asked->terminal,
                        .currency = asked->currency,
                        .opening_cash = asked->opening_cash,
                        .opened_at = decision->world->now,
                        .closed_at = INSTANT_NONE};
    struct world_shift *shift = world_add_shift(decision->world, &row);
    if (shift == NULL) {
        decision->spent = true;
        return;
    }
    shift->state = ROW_NEW;
    decision->outcome->shift = reading_of(decision, shift);
}

/* One's own; another's may be closed by whoever sees it: somebody went home. */
static bool may_close(struct decision *decision, const struct world_shift *shift) {
    const struct caller *caller = &decision->command->caller;
    if (uuid_equals(shift->row.operator.id, caller->actor.id) || caller_sees_all_shifts(caller)) {
        return true;
    }
    bool is_scoped = access_reach(caller->role, RIGHT_READ_LOG) == REACH_ALL;
    decision_refuse(decision, is_scoped ? VERDICT_EVENT_OUT_OF_SCOPE : VERDICT_ROLE_REQUIRED)
        ->shift_id = shift->row.id;
    return false;
}

static void close_shift(struct decision *decision) {
    const struct shift *asked = &decision->command->of.shift.shift;
    struct world_shift *shift = world_shift(decision->world, asked->id);
    if (shift == NULL) {
        decision_refuse(decision, VERDICT_NOT_FOUND)->shift_id = asked->id;
        return;
    }
    if (!may_close(decision, shift)) {
        return;
    }
    if (!instant_is_none(shift->row.closed_at)) {
        decision_refuse(decision, VERDICT_SHIFT_CLOSED)->shift_id = asked->id;
        return;
    }
    if (shift->fault != NULL) {
        decision_refuse(decision, VERDICT_INVENTORY_INCONSISTENT)->shift_id = asked->id;
        return;
    }
    struct shift_reading *reading = reading_of(decision, shift);
    if (reading == NULL) {
        return;
    }
    shift->row.expected_cash = shift_expected_cash(reading);
    shift->row.counted_cash = asked->counted_cash;
    shift->row.note = asked->note;
    shift->row.closed_at = instant_later(decision->world->now, shift->row.opened_at);
    row_changed(&shift->state);
    reading->row = shift->row;
    decision->outcome->shift = reading;
}

void decide_shift(struct decision *decision) {
    if (decision->command->kind == COMMAND_SHIFT_OPEN) {
        open_shift(decision);
    } else {
        close_shift(decision);
    }
}
