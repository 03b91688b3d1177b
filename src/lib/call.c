#include "lib/call.h"

#include "lib/code.h"
#include "lib/fingerprint.h"
#include "lib/plain.h"

/* A cart of 50 lines with the longest texts takes about 200 KiB on its way, an event with the
 * longest description less. */
enum { CALL_ARENA_BYTES = 1 << 20, CALL_EVENTS_MAX = 1000 };

void call_fail(struct call *call, enum ticketd_code code) {
    if (call->code == TICKETD_OK) {
        call->code = code;
        problem_fill(call->asked->problem, code);
    }
}

static void set_caller(struct call *call) {
    const struct ticketd_call *asked = call->asked;
    struct caller *caller = &call->command.caller;
    caller->role = asked->as_public ? ROLE_CHECKOUT : ROLE_ADMIN;
    caller->actor = ticketd_id_is_none(asked->actor)
                        ? ACTOR_NONE
                        : (struct actor){ACTOR_USER, plain_uuid(asked->actor)};
    caller->acting_for = plain_uuid(asked->user_id);
    if (asked->events_count == 0) {
        return;
    }
    if (asked->events_count > CALL_EVENTS_MAX) {
        call_fault(call, "events", "These are too many events.");
        return;
    }
    struct uuid *events = arena_array(&call->arena, struct uuid, asked->events_count);
    if (events == NULL) {
        call_fail(call, TICKETD_NO_MEMORY);
        return;
    }
    for (size_t i = 0; i < asked->events_count; i++) {
        events[i] = plain_uuid(asked->events[i]);
    }
    caller->events = events;
    caller->events_count = asked->events_count;
}

void call_begin(struct call *call, struct ticketd *ticketd, const struct ticketd_call *asked,
                enum command_kind kind) {
    static const struct ticketd_call plain;
    *call = (struct call){.ticketd = ticketd, .asked = asked == NULL ? &plain : asked};
    arena_init(&call->arena, CALL_ARENA_BYTES);
    call->command.kind = kind;
    set_caller(call);
    const char *key = call->asked->idempotency_key;
    if (key != NULL) {
        call->command.idempotency.key = text_of(key);
        call->command.idempotency.principal = call->command.caller.actor.id;
        if (!form_is_idempotency_key(text_of(key))) {
            call_fault(call, "idempotency_key", "It has 1 to 255 visible ASCII characters.");
        }
    }
    if (ticketd->executor == NULL) {
        call_fail(call, TICKETD_READ_ONLY);
    }
}

void call_fault(struct call *call, const char *field, const char *detail) {
    struct ticketd_problem *problem = call->asked->problem;
    if (call->code == TICKETD_OK && problem != NULL) {
        problem_fill(problem, TICKETD_INVALID);
        PLAIN_TEXT(problem->field, text_of(field));
        PLAIN_TEXT(problem->detail, text_of(detail));
    }
    call->code = call->code == TICKETD_OK ? TICKETD_INVALID : call->code;
}

static void take_outcome(struct call *call, enum error error) {
    if (error == ERROR_NONE || call->outcome.verdict != VERDICT_GRANTED) {
        call->code = problem_of_outcome(call->asked->problem, &call->outcome);
    } else {
        /* It was done, and only the answer was lost: the stored one can be asked for. */
        call_fail(call, TICKETD_OUTCOME_UNKNOWN);
    }
    if (call->asked->replayed != NULL) {
        *call->asked->replayed = call->outcome.replayed;
    }
}

bool call_run(struct call *call) {
    if (call->code == TICKETD_OK) {
        if (!text_is_absent(call->command.idempotency.key)) {
            fingerprint_take(&call->command, call->command.idempotency.fingerprint);
        }
        take_outcome(call, executor_call(call->ticketd->executor, &call->command, &call->arena,
                                         &call->outcome));
    }
    return call->code == TICKETD_OK;
}

struct call_refunded call_refunded(const struct call *call) {
    const struct outcome *outcome = &call->outcome;
    struct call_refunded refunded = {0};
    for (size_t i = 0; i < outcome->entries_count; i++) {
        const struct audit_entry *entry = &outcome->entries[i];
        refunded.quantity += entry->quantity;
        for (size_t j = 0; j < outcome->lines_count; j++) {
            const struct reservation *line = &outcome->lines[j];
            if (uuid_equals(line->id, entry->reservation_id)) {
                refunded.amount += entry->quantity * line->unit_price;
            }
        }
    }
    return refunded;
}

enum ticketd_code call_end(struct call *call) {
    arena_finish(&call->arena);
    return call->code;
}
