/* Each answer against the log, in the order in which the batch was decided. */
#include "trial.h"

static uint64_t mix(uint64_t hash, uint64_t value) {
    return (hash ^ value) * UINT64_C(0x100000001b3);
}

static uint64_t mix_id(uint64_t hash, struct uuid id) {
    return mix(hash, uuid_hash(id));
}

/* All that a client sees of a granted answer. */
static uint64_t digest_of(const struct outcome *outcome) {
    uint64_t digest = mix(UINT64_C(14695981039346656037), outcome->kind);
    digest = mix(digest, (uint64_t)outcome->decided_at.us);
    for (size_t i = 0; i < outcome->lines_count; i++) {
        const struct reservation *line = &outcome->lines[i];
        digest = mix_id(digest, line->id);
        digest = mix(digest, (uint64_t)line->quantity << 32 | (uint64_t)line->refunded_quantity);
        digest = mix(digest, line->status);
        digest = mix(digest, (uint64_t)line->expires_at.us);
        digest = mix(digest, line->order_id.length);
    }
    for (size_t i = 0; i < outcome->entries_count; i++) {
        digest = mix_id(digest, outcome->entries[i].id);
        digest = mix(digest, (uint64_t)outcome->entries[i].seq);
    }
    if (outcome->cart != NULL) {
        digest = mix_id(digest, outcome->cart->id);
        digest = mix(digest, outcome->cart->status);
    }
    if (outcome->shift != NULL) {
        digest = mix_id(digest, outcome->shift->row.id);
        digest = mix(digest, (uint64_t)outcome->shift->row.expected_cash);
        digest = mix(digest, outcome->shift->totals_count);
    }
    if (outcome->type != NULL) {
        const struct counts *counts = &outcome->type->counts;
        digest = mix(digest, (uint64_t)counts->total << 32 | (uint64_t)counts->sold);
        digest = mix(digest, (uint64_t)counts->reserved);
    }
    return digest;
}

/* --- which types is it about? --- */

static void touch(struct trial *trial, struct uuid type_id) {
    struct truth_type *type = truth_type(&trial->truth, type_id);
    if (type != NULL) {
        type->touched = true;
    }
}

static void touch_items(struct trial *trial, struct items items) {
    for (size_t i = 0; i < items.count; i++) {
        touch(trial, items.list[i].id);
    }
}

static void touch_target(struct trial *trial, struct target target) {
    const struct truth_reservation *line =
        target.is_cart ? NULL : truth_reservation(&trial->truth, target.id);
    if (line != NULL) {
        line->type->touched = true;
    }
}

void answer_touch_types(struct trial *trial, const struct request *request) {
    const struct command *command = &request->command;
    switch ((int)command->kind) {
    case COMMAND_RESERVE:
    case COMMAND_CART_CREATE:
    case COMMAND_CART_REPLACE:
        touch_items(trial, command->of.reserve.items);
        return;
    case COMMAND_SELL:
        touch_items(trial, command->of.sell.items);
        return;
    case COMMAND_COMPLETE:
        touch_target(trial, command->of.complete.target);
        return;
    case COMMAND_RELEASE:
        touch_target(trial, command->of.release.target);
        return;
    case COMMAND_EXTEND:
        touch_target(trial, command->of.extend.target);
        return;
    case COMMAND_REFUND:
        touch_target(trial, command->of.refund.target);
        return;
    case COMMAND_ADJUST:
        touch(trial, command->of.adjust.ticket_type_id);
        return;
    default:
        return;
    }
}

/* --- granted --- */

static void remember(struct uuid *list, size_t *count, struct uuid id) {
    list[(*count)++ % RECENT] = id;
}

static void remember_cart(struct trial *trial, const struct outcome *outcome) {
    struct recent_cart *cart = &trial->carts[trial->carts_count++ % CARTS];
    *cart = (struct recent_cart){.id = outcome->cart->id};
    cart->event = uuid_equals(outcome->cart->event_id, trial->events[0]) ? 0 : 1;
    while (cart->lines_count < outcome->lines_count && cart->lines_count < CART_TYPES_MAX) {
        cart->lines[cart->lines_count] = outcome->lines[cart->lines_count].id;
        cart->lines_count++;
    }
}

static int64_t quantity_asked(struct items items) {
    int64_t sum = 0;
    for (size_t i = 0; i < items.count; i++) {
        sum += items.list[i].quantity;
    }
    return sum;
}

static int64_t quantity_granted(const struct outcome *outcome) {
    int64_t sum = 0;
    for (size_t i = 0; i < outcome->lines_count; i++) {
        sum += outcome->lines[i].quantity;
    }
    return sum;
}

static bool lines_are_in_the_log(struct trial *trial, const struct request *request,
                                 const struct outcome *outcome) {
    for (size_t i = 0; i < outcome->lines_count; i++) {
        if (truth_reservation(&trial->truth, outcome->lines[i].id) == NULL) {
            return answer_untrue(trial, request, "granted a line that is not in the log");
        }
    }
    return true;
}

static void check_new_reservation(struct trial *trial, struct request *request,
                                  const struct outcome *outcome) {
    const struct reserve_command *asked = &request->command.of.reserve;
    struct instant ends = instant_plus_seconds(outcome->decided_at, asked->seconds);
    if (quantity_granted(outcome) != quantity_asked(asked->items)) {
        answer_untrue(trial, request, "granted another quantity than was asked for");
    }
    for (size_t i = 0; i < outcome->lines_count; i++) {
        const struct reservation *line = &outcome->lines[i];
        if (line->status != RESERVATION_ACTIVE || line->expires_at.us != ends.us ||
            !uuid_equals(line->user_id, asked->user_id)) {
            answer_untrue(trial, request, "granted a reservation with another end or owner");
        }
    }
    if (outcome->cart != NULL) {
        remember_cart(trial, outcome);
    } else {
        remember(trial->recent, &trial->recent_count, outcome->lines[0].id);
    }
}

static void check_sale(struct trial *trial, struct request *request,
                       const struct outcome *outcome) {
    for (size_t i = 0; i < outcome->lines_count; i++) {
        const struct reservation *line = &outcome->lines[i];
        const struct truth_reservation *known = truth_reservation(&trial->truth, line->id);
        if (line->status != RESERVATION_COMPLETED || known->sold != line->quantity) {
            answer_untrue(trial, request, "was told of a sale that the log does not have");
        }
    }
    if (outcome->cart == NULL) {
        remember(trial->recent_sales, &trial->sales_count, outcome->lines[0].id);
    } else if (request->command.kind == COMMAND_SELL) {
        remember_cart(trial, outcome);
    }
}

static void check_release(struct trial *trial, struct request *request,
                          const struct outcome *outcome) {
    for (size_t i = 0; i < outcome->lines_count; i++) {
        if (truth_reservation(&trial->truth, outcome->lines[i].id)->active != 0) {
            answer_untrue(trial, request, "released, and the log still holds tickets for it");
        }
    }
}

static void check_extension(struct trial *trial, struct request *request,
                            const struct outcome *outcome) {
    struct instant ends =
        instant_plus_seconds(outcome->decided_at, request->command.of.extend.seconds);
    for (size_t i = 0; i < outcome->lines_count; i++) {
        const struct reservation *line = &outcome->lines[i];
        struct truth_reservation *known = truth_reservation(&trial->truth, line->id);
        if (instant_before(line->expires_at, ends)) {
            answer_untrue(trial, request, "extended by less than was asked for");
        }
        known->expires_at = instant_later(known->expires_at, line->expires_at);
    }
}

static void check_refund(struct trial *trial, struct request *request,
                         const struct outcome *outcome) {
    int64_t sum = 0;
    for (size_t i = 0; i < outcome->entries_count; i++) {
        sum += outcome->entries[i].quantity;
    }
    int32_t asked = request->command.of.refund.quantity;
    if (sum == 0 || (asked != 0 && sum != asked)) {
        answer_untrue(trial, request, "refunded another quantity than was asked for");
    }
}

static void check_adjustment(struct trial *trial, struct request *request,
                             const struct outcome *outcome) {
    const struct truth_type *type = truth_type(&trial->truth, outcome->type->id);
    struct counts told = outcome->type->counts;
    if (told.total != type->answered.total || told.sold != type->answered.sold ||
        told.reserved != type->answered.reserved) {
        answer_untrue(trial, request, "was told other counts than the log has");
    }
}

static size_t entries_expected(const struct trial *trial, const struct request *request,
                               const struct outcome *outcome) {
    switch ((int)request->command.kind) {
    case COMMAND_RESERVE:
    case COMMAND_CART_CREATE:
    case COMMAND_SELL:
        return outcome->lines_count;
    case COMMAND_ADJUST:
    case COMMAND_REFUND:
        return outcome->entries_count;
    case COMMAND_COMPLETE: /* all lines, or none where it was sold before */
        return answer_effect(trial, request) == 0 ? 0 : outcome->lines_count;
    case COMMAND_RELEASE: /* a released cart also shows lines that were taken out before */
    case COMMAND_CART_REPLACE:
        return answer_effect(trial, request);
    default:
        return 0;
    }
}

static void check_first_grant(struct trial *trial, struct request *request,
                              const struct outcome *outcome) {
    size_t expected = entries_expected(trial, request, outcome);
    if (!truth_answered(&trial->truth, request->number, expected) ||
        !lines_are_in_the_log(trial, request, outcome)) {
        return;
    }
    if (request->is_at_till) {
        drawers_answered(trial, request, outcome);
    }
    switch ((int)request->command.kind) {
    case COMMAND_RESERVE:
    case COMMAND_CART_CREATE:
        check_new_reservation(trial, request, outcome);
        return;
    case COMMAND_SELL:
    case COMMAND_COMPLETE:
        check_sale(trial, request, outcome);
        return;
    case COMMAND_RELEASE:
        check_release(trial, request, outcome);
        return;
    case COMMAND_EXTEND:
        check_extension(trial, request, outcome);
        return;
    case COMMAND_REFUND:
        check_refund(trial, request, outcome);
        return;
    case COMMAND_ADJUST:
        check_adjustment(trial, request, outcome);
        return;
    default:
        return;
    }
}

static void check_grant(struct trial *trial, struct request *request,
                        const struct outcome *outcome) {
    bool keyed = !text_is_absent(request->command.idempotency.key);
    uint64_t digest = digest_of(outcome);
    if (outcome->replayed) {
        trial->counts.replayed++;
        if (!keyed || (request->is_granted && digest != request->digest)) {
            answer_untrue(trial, request, "a retry got another answer than the first request");
        }
    } else if (keyed && request->is_granted) {
        answer_untrue(trial, request, "a retry was decided a second time");
    } else {
        check_first_grant(trial, request, outcome);
    }
    request->is_granted = true;
    request->digest = digest;
}

/* --- all of them --- */

void answer_check(struct submission *submission, const struct outcome *outcome) {
    struct trial *trial = submission->owner;
    struct attempt *attempt = (struct attempt *)submission;
    struct request *request = attempt->request;
    attempt->next_free = trial->free_attempts;
    trial->free_attempts = attempt;
    request->in_flight--;
    if (trial->trouble == TROUBLE_CRASH) {
        trial->counts.unanswered++;
        trial->commits_are_unknown = true;
        return; /* nobody is there any more to say it */
    }
    trial->trace = mix(mix(trial->trace, request->number), outcome->verdict);
    if (verdict_is_failure(outcome->verdict)) {
        answer_check_failure(trial, request, outcome);
        return;
    }
    if (request->command.kind != COMMAND_SWEEP) {
        answer_touch_types(trial, request);
    }
    if (outcome->verdict == VERDICT_GRANTED) {
        trial->counts.granted++;
        check_grant(trial, request, outcome);
        trial->trace = mix(trial->trace, request->digest);
    } else {
        trial->counts.refused++;
        answer_check_refusal(trial, request, outcome);
    }
}
