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

typedef void decide_function(struct decision *decision);

static decide_function *decide_of(enum command_kind kind) {
    switch (kind) {
    case COMMAND_RESERVE:
    case COMMAND_CART_CREATE:
        return decide_reserve;
    case COMMAND_CART_REPLACE:
        return decide_cart_replace;
    case COMMAND_COMPLETE:
        return decide_complete;
    case COMMAND_RELEASE:
        return decide_release;
    case COMMAND_EXTEND:
        return decide_extend;
    case COMMAND_REFUND:
        return decide_refund;
    case COMMAND_SELL:
        return decide_sell;
    case COMMAND_ADJUST:
        return decide_adjust;
    case COMMAND_SWEEP:
        return decide_sweep;
    case COMMAND_VENUE_CREATE:
    case COMMAND_VENUE_CHANGE:
        return decide_venue;
    case COMMAND_EVENT_CREATE:
    case COMMAND_EVENT_CHANGE:
        return decide_event;
    case COMMAND_TYPE_CREATE:
    case COMMAND_TYPE_CHANGE:
        return decide_type;
    case COMMAND_VENUE_ARCHIVE:
    case COMMAND_EVENT_ARCHIVE:
    case COMMAND_TYPE_ARCHIVE:
        return decide_archive;
    case COMMAND_KEY_CREATE:
    case COMMAND_KEY_REVOKE:
    case COMMAND_KEY_TOUCH:
        return decide_api_key;
    case COMMAND_STAFF_CREATE:
    case COMMAND_STAFF_CHANGE:
    case COMMAND_STAFF_DISABLE:
    case COMMAND_STAFF_PASSWORD:
        return decide_staff;
    case COMMAND_SESSION_BEGIN:
    case COMMAND_SESSION_END:
    case COMMAND_SESSION_TOUCH:
        return decide_session;
    case COMMAND_PRUNE:
        return decide_prune;
    case COMMAND_SHIFT_OPEN:
    case COMMAND_SHIFT_CLOSE:
        return decide_shift;
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
    decide_of(command->kind)(&decision);
    if (decision.spent) {
        return false;
    }
    return !keyed || outcome->verdict != VERDICT_GRANTED || remember(world, command, outcome);
}
