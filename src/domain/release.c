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
    if (lines.status == RESERVATION_ACTIVE) {
        for (size_t i = 0; i < lines.count; i++) {
            release_line(decision, lines.list[i], reason);
        }
        if (lines.cart != NULL) {
            lines.cart->row.status = RESERVATION_RELEASED;
            decision_touch_cart(decision, lines.cart);
        }
    }
    decision_answer_lines(decision, &lines); /* released and expired ones: unchanged */
}
