/* R6: an active reservation's tickets are given back. */
#include "domain/ledger.h"
#include "domain/limits.h"

static void release_line(struct decision *decision, struct world_reservation *line,
                         struct text reason) {
    int32_t quantity = line->row.quantity;
    line->row.status = RESERVATION_RELEASED;
    decision_touch_line(decision, line);
    ledger_record(decision, line->type,
                  (struct posting){.action = ACTION_RELEASE,
                                   .quantity = quantity,
                                   .delta = {.reserved = -(int64_t)quantity},
                                   .reason = reason,
                                   .about = &line->row});
    ledger_customer(decision->world, &line->row, -(int64_t)quantity);
}

/* A cart and its lines bear one instant, later than its last change: a line that was taken out
 * before must not look like one that was released with it (cart_shows_line). */
static void release_cart(struct decision *decision, const struct lines *lines) {
    struct cart *row = &lines->cart->row;
    struct instant after_last = {row->updated_at.us + 1};
    decision_touch_cart(decision, lines->cart);
    row->status = RESERVATION_RELEASED;
    row->updated_at = instant_later(row->updated_at, after_last);
    for (size_t i = 0; i < lines->count; i++) {
        lines->list[i]->row.updated_at = row->updated_at;
    }
}

void decide_release(struct decision *decision) {
    const struct release_command *asked = &decision->command->of.release;
    struct lines lines;
    struct text reason;
    if (!decision_reason(decision, asked->reason, false, &reason) ||
        !decision_lines(decision, asked->target, true, &lines)) {
        return;
    }
    if (lines.status == RESERVATION_COMPLETED) {
        decision_refuse_status(decision, &lines);
        return;
    }
    for (size_t i = 0; i < lines.count; i++) {
        /* Where the clock was set back, an expired cart may have a line that still holds. */
        if (lines.list[i]->row.status == RESERVATION_ACTIVE) {
            release_line(decision, lines.list[i], reason);
        }
    }
    if (lines.cart != NULL && lines.status == RESERVATION_ACTIVE) {
        release_cart(decision, &lines);
    }
    decision_answer_lines(decision, &lines); /* released and expired ones: unchanged */
}
