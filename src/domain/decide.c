#include "domain/decide.h"

#include "base/check.h"
#include "domain/decision.h"
#include "domain/outcome_code.h"

static void decide_sweep(struct decision *decision) {
    /* Its expiries were written when the batch began; here they are counted, once. */
    struct world_type *type = world_type(decision->world, decision->command->of.sweep);
    if (type != NULL) {
        decision->outcome->released = type->expired_released;
        decision->outcome->more_expired = type->more_expired && type->fault == NULL;
        type->expired_released = 0;
    }
}

static void decide_prune(struct decision *decision) {
    decision->world->prune_before = decision->command->of.prune.before;
}

static void decide_kind(struct decision *decision) {
    switch (decision->command->kind) {
    case COMMAND_RESERVE:
    case COMMAND_CART_CREATE:
        decide_reserve(decision);
        return;
    case COMMAND_CART_REPLACE:
        decide_cart_replace(decision);
        return;
    case COMMAND_COMPLETE:
        decide_complete(decision);
        return;
    case COMMAND_RELEASE:
        decide_release(decision);
        return;
    case COMMAND_EXTEND:
        decide_extend(decision);
        return;
    case COMMAND_REFUND:
        decide_refund(decision);
        return;
    case COMMAND_SELL:
        decide_sell(decision);
        return;
    case COMMAND_ADJUST:
        decide_adjust(decision);
        return;
    case COMMAND_SWEEP:
        decide_sweep(decision);
        return;
    case COMMAND_VENUE_CREATE:
    case COMMAND_VENUE_CHANGE:
        decide_venue(decision);
        return;
    case COMMAND_EVENT_CREATE:
    case COMMAND_EVENT_CHANGE:
        decide_event(decision);
        return;
    case COMMAND_TYPE_CREATE:
    case COMMAND_TYPE_CHANGE:
        decide_type(decision);
        return;
    case COMMAND_VENUE_ARCHIVE:
    case COMMAND_EVENT_ARCHIVE:
    case COMMAND_TYPE_ARCHIVE:
        decide_archive(decision);
        return;
    case COMMAND_KEY_CREATE:
    case COMMAND_KEY_REVOKE:
    case COMMAND_KEY_TOUCH:
        decide_api_key(decision);
        return;
    case COMMAND_STAFF_CREATE:
    case COMMAND_STAFF_CHANGE:
    case COMMAND_STAFF_DISABLE:
    case COMMAND_STAFF_PASSWORD:
        decide_staff(decision);
        return;
    case COMMAND_SESSION_BEGIN:
    case COMMAND_SESSION_END:
    case COMMAND_SESSION_TOUCH:
        decide_session(decision);
        return;
    case COMMAND_PRUNE:
        decide_prune(decision);
        return;
    case COMMAND_SHIFT_OPEN:
    case COMMAND_SHIFT_CLOSE:
        decide_shift(decision);
        return;
    }
    check_failed("require", "the command is of a known kind", __FILE__, __LINE__, __func__);
}

/* R14: the stored answer for the same request, a refusal for another one. */
static bool replay(struct world *world, const struct command *command,
                   const struct world_idempotency *record, struct outcome *outcome) {
    if (memcmp(record->fingerprint, command->idempotency.fingerprint, FINGERPRINT_SIZE) != 0) {
        outcome->verdict = VERDICT_IDEMPOTENCY_KEY_REUSED;
        return true;
    }
    enum error error = outcome_decode(record->outcome, world->arena, outcome);
    if (error == ERROR_MEMORY) {
        return false;
    }
    if (error == ERROR_NONE) {
        outcome->replayed = true;
    } else { /* whatever it was, it is not an answer of ours */
        outcome->verdict = VERDICT_INTERNAL_ERROR;
    }
    return true;
}

static bool remember(struct world *world, const struct command *command,
                     const struct outcome *outcome) {
    struct text encoded = outcome_encode(outcome, world->arena);
    struct world_idempotency *record =
        text_is_absent(encoded)
            ? NULL
            : world_add_idempotency(world, command->idempotency.principal, command->idempotency.key,
                                    command->idempotency.fingerprint, encoded);
    if (record == NULL) {
        return false;
    }
    record->state = ROW_NEW;
    return true;
}

bool decide(struct world *world, const struct command *command, struct outcome *outcome) {
    *outcome = (struct outcome){.verdict = VERDICT_GRANTED,
                                .kind = command->kind,
                                .decided_at = world->now,
                                .facts = FACTS_NONE};
    bool keyed = !text_is_absent(command->idempotency.key);
    if (keyed) {
        const struct world_idempotency *record =
            world_idempotency(world, command->idempotency.principal, command->idempotency.key);
        if (record != NULL) {
            return replay(world, command, record, outcome);
        }
    }
    struct decision decision = {.world = world, .command = command, .outcome = outcome};
    decide_kind(&decision);
    if (decision.spent) {
        return false;
    }
    return !keyed || outcome->verdict != VERDICT_GRANTED || remember(world, command, outcome);
}
