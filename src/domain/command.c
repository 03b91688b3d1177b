#include "domain/command.h"

#include "domain/limits.h"

struct uuid command_customer(const struct command *command) {
    struct uuid named =
        command->kind == COMMAND_SELL ? command->of.sell.user_id : command->of.reserve.user_id;
    return uuid_is_none(named) ? command->caller.acting_for : named;
}

bool command_is_at_till(const struct command *command) {
    bool counts =
        command->kind == COMMAND_SELL || command->kind == COMMAND_REFUND ||
        command->kind == COMMAND_SHIFT_OPEN || command->kind == COMMAND_SHIFT_CLOSE ||
        (command->kind == COMMAND_COMPLETE && channel_is_of_staff(command->of.complete.channel));
    return counts && caller_has_till(&command->caller);
}

/* Lines that the command itself names, or the most a cart may have. */
static uint32_t lines_max(const struct command *command) {
    switch (command->kind) {
    case COMMAND_CART_CREATE:
        return (uint32_t)command->of.reserve.items.count;
    case COMMAND_CART_REPLACE: /* those that go and those that come */
        return CART_LINES_MAX + (uint32_t)command->of.reserve.items.count;
    case COMMAND_SELL:
        return (uint32_t)command->of.sell.items.count;
    case COMMAND_COMPLETE:
        return command->of.complete.target.is_cart ? CART_LINES_MAX : 1;
    case COMMAND_RELEASE:
        return command->of.release.target.is_cart ? CART_LINES_MAX : 1;
    case COMMAND_EXTEND:
        return command->of.extend.target.is_cart ? CART_LINES_MAX : 1;
    case COMMAND_REFUND:
        return command->of.refund.target.is_cart ? CART_LINES_MAX : 1;
    case COMMAND_STAFF_CREATE:
    case COMMAND_STAFF_CHANGE:
    case COMMAND_STAFF_DISABLE:
    case COMMAND_STAFF_PASSWORD:
    case COMMAND_SESSION_BEGIN:
    case COMMAND_SESSION_END:
    case COMMAND_SESSION_TOUCH:
        return SESSIONS_PER_STAFF_MAX;
    case COMMAND_RESERVE:
    case COMMAND_ADJUST:
    case COMMAND_SWEEP:
    case COMMAND_VENUE_CREATE:
    case COMMAND_VENUE_CHANGE:
    case COMMAND_VENUE_ARCHIVE:
    case COMMAND_EVENT_CREATE:
    case COMMAND_EVENT_CHANGE:
    case COMMAND_EVENT_ARCHIVE:
    case COMMAND_TYPE_CREATE:
    case COMMAND_TYPE_CHANGE:
    case COMMAND_TYPE_ARCHIVE:
    case COMMAND_KEY_CREATE:
    case COMMAND_KEY_REVOKE:
    case COMMAND_KEY_TOUCH:
    case COMMAND_PRUNE:
    case COMMAND_SHIFT_OPEN:
    case COMMAND_SHIFT_CLOSE:
        return 1;
    }
    return 1;
}

uint32_t command_ids_max(const struct command *command) {
    /* The thing itself; a row and an entry for each line. */
    return 1 + 2 * lines_max(command);
}

uint32_t command_rows_max(const struct command *command) {
    /* A line, its ticket type and its entry; the thing itself and its idempotency key; at a till a
     * shift and one of its totals. */
    return (command_is_at_till(command) ? 4 : 2) + 3 * lines_max(command);
}
