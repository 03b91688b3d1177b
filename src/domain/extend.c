/* R13: an active reservation or cart is given more time, within two hours of its creation. */
#include "domain/decision.h"
#include "domain/limits.h"

void decide_extend(struct decision *decision) {
    const struct extend_command *asked = &decision->command->of.extend;
    struct lines lines;
    if (asked->seconds < 1 || asked->seconds > RESERVATION_SECONDS_MAX) {
        decision_invalid(decision, TEXT("/expires_in_seconds"),
                         "A reservation lives between 1 second and 2 hours.");
        return;
    }
    if (!decision_lines(decision, asked->target, true, &lines)) {
        return;
    }
    if (lines.status != RESERVATION_ACTIVE) {
        decision_refuse_status(decision, &lines);
        return;
    }
    struct instant wanted = instant_plus_seconds(decision->world->now, asked->seconds);
    struct instant latest = instant_plus_seconds(lines.created_at, RESERVATION_SECONDS_MAX);
    if (instant_before(latest, wanted)) {
        struct facts *facts = decision_refuse(decision, VERDICT_EXTENSION_LIMIT);
        facts->limit = RESERVATION_SECONDS_MAX;
        facts->at = latest;
        return;
    }
    if (instant_before(lines.expires_at, wanted)) { /* never less than it had */
        for (size_t i = 0; i < lines.count; i++) {
            lines.list[i]->row.expires_at = wanted;
            decision_touch_line(decision, lines.list[i]);
        }
        if (lines.cart != NULL) {
            lines.cart->row.expires_at = wanted;
            decision_touch_cart(decision, lines.cart);
        }
    }
    decision_answer_lines(decision, &lines);
}
