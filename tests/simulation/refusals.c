/* Was it right to say no? */
#include <inttypes.h>

#include "trial.h"

bool answer_untrue(struct trial *trial, const struct request *request, const char *what) {
    return finding_report(&trial->finding, "request %" PRIu64 " (command kind %d): %s",
                          request->number, (int)request->command.kind, what);
}

size_t answer_effect(const struct trial *trial, const struct request *request) {
    const struct truth_effect *effect = &trial->truth.effects[request->number % TRUTH_EFFECTS];
    bool is_now = effect->request == request->number && effect->commit == trial->truth.commit;
    return is_now ? effect->entries_count : 0;
}

static int64_t answered_available(const struct truth_type *type) {
    return (int64_t)type->answered.total - type->answered.sold - type->answered.reserved;
}

static void check_shortage(struct trial *trial, struct request *request,
                           const struct outcome *outcome) {
    const struct facts *facts = &outcome->facts;
    const struct truth_type *type = truth_type(&trial->truth, facts->ticket_type_id);
    if (type == NULL || facts->available != answered_available(type)) {
        answer_untrue(trial, request, "refused with another number available than the log has");
    } else if (facts->requested <= facts->available) {
        answer_untrue(trial, request, "refused though there are enough");
    }
}

static void check_decrease(struct trial *trial, struct request *request) {
    const struct adjust_command *asked = &request->command.of.adjust;
    const struct truth_type *type = truth_type(&trial->truth, asked->ticket_type_id);
    if (asked->quantity <= answered_available(type)) {
        answer_untrue(trial, request, "a decrease was refused though so many are available");
    }
}

static void check_stale_total(struct trial *trial, struct request *request) {
    const struct adjust_command *asked = &request->command.of.adjust;
    const struct truth_type *type = truth_type(&trial->truth, asked->ticket_type_id);
    if (asked->expected_total == type->answered.total) {
        answer_untrue(trial, request, "the total was called stale but is the expected one");
    }
}

/* A single reservation that never was what the refusal says. States only move on, so that what
 * the log says at the end of the batch is enough. */
static void check_state(struct trial *trial, struct request *request, struct target target,
                        enum verdict verdict) {
    const struct truth_reservation *known =
        target.is_cart ? NULL : truth_reservation(&trial->truth, target.id);
    if (known == NULL) {
        return;
    }
    if (verdict == VERDICT_RESERVATION_RELEASED && !known->was_released) {
        answer_untrue(trial, request, "refused as released, but nobody released it");
    }
    if ((verdict == VERDICT_RESERVATION_COMPLETED || verdict == VERDICT_ORDER_MISMATCH) &&
        known->sold == 0) {
        answer_untrue(trial, request, "refused as completed, but it was not sold");
    }
    if (verdict == VERDICT_RESERVATION_EXPIRED && !known->was_expired) {
        answer_untrue(trial, request, "refused as expired, but it is not");
    }
}

static struct target target_of(const struct command *command) {
    switch ((int)command->kind) {
    case COMMAND_COMPLETE:
        return command->of.complete.target;
    case COMMAND_RELEASE:
        return command->of.release.target;
    case COMMAND_EXTEND:
        return command->of.extend.target;
    case COMMAND_REFUND:
        return command->of.refund.target;
    default:
        return (struct target){.is_cart = true};
    }
}

void answer_check_refusal(struct trial *trial, struct request *request,
                          const struct outcome *outcome) {
    const struct command *command = &request->command;
    truth_answered(&trial->truth, UINT64_MAX, 0); /* what the system did is known by now */
    if (request->is_at_till) {
        drawers_refused(trial, request, outcome->verdict);
    }
    if (request->is_granted && !text_is_absent(command->idempotency.key)) {
        answer_untrue(trial, request, "a retry was refused what had been granted");
    } else if (request->in_flight == 0 && answer_effect(trial, request) != 0) { /* no twin had it */
        answer_untrue(trial, request, "was refused but had an effect");
    } else if (outcome->verdict == VERDICT_INSUFFICIENT_INVENTORY) {
        check_shortage(trial, request, outcome);
    } else if (outcome->verdict == VERDICT_BELOW_COMMITTED) {
        check_decrease(trial, request);
    } else if (outcome->verdict == VERDICT_STALE_TOTAL) {
        check_stale_total(trial, request);
    } else {
        check_state(trial, request, target_of(command), outcome->verdict);
        if (outcome->verdict == VERDICT_RESERVATION_EXPIRED &&
            outcome->facts.requested != FACT_NONE) {
            check_shortage(trial, request, outcome);
        }
    }
}

/* --- the world says no: only when it was made to --- */

void answer_check_failure(struct trial *trial, struct request *request,
                          const struct outcome *outcome) {
    trial->counts.failed++;
    switch ((int)outcome->verdict) {
    case VERDICT_STORE_UNAVAILABLE:
        if (trial->trouble == TROUBLE_NONE) {
            answer_untrue(trial, request, "the store was called unavailable, but it was there");
        }
        return;
    case VERDICT_OUTCOME_UNKNOWN:
        trial->commits_are_unknown = true;
        if (trial->trouble != TROUBLE_UNKNOWN) {
            answer_untrue(trial, request,
                          "an outcome was called unknown, but nothing had happened");
        }
        return;
    case VERDICT_INTERNAL_ERROR:
        if (trial->trouble != TROUBLE_REJECTED &&
            (uuid_is_none(trial->poison_user) ||
             !uuid_equals(request->user_id, trial->poison_user))) {
            answer_untrue(trial, request, "got an internal error beside someone else's poison");
        }
        return;
    default:
        answer_untrue(trial, request, "got a failure for which there was no cause");
        return;
    }
}
