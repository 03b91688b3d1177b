#include "executor/steering.h"

static uint16_t end_of(struct uuid id) {
    return (uint16_t)(id.bytes[14] << 8 | id.bytes[15]);
}

static uint16_t lane_of_items(const struct items *items) {
    return items->count == 0 ? 0 : end_of(items->list[0].id);
}

/* What is to be made without an event has no id yet; a retry must meet its twin. */
static uint16_t lane_of_new(const struct command *command) {
    uint32_t hash = 2166136261u; /* FNV-1a */
    struct text key = command->idempotency.key;
    for (size_t i = 0; !text_is_absent(key) && i < key.length; i++) {
        hash = (hash ^ (uint8_t)key.bytes[i]) * 16777619u;
    }
    return (uint16_t)(hash ^ hash >> 16);
}

uint16_t command_lane(const struct command *command) {
    switch (command->kind) {
    case COMMAND_RESERVE:
    case COMMAND_CART_CREATE:
        return lane_of_items(&command->of.reserve.items);
    case COMMAND_CART_REPLACE:
        return end_of(command->of.reserve.cart_id);
    case COMMAND_SELL:
        return lane_of_items(&command->of.sell.items);
    case COMMAND_COMPLETE:
        return end_of(command->of.complete.target.id);
    case COMMAND_RELEASE:
        return end_of(command->of.release.target.id);
    case COMMAND_EXTEND:
        return end_of(command->of.extend.target.id);
    case COMMAND_REFUND:
        return end_of(command->of.refund.target.id);
    case COMMAND_ADJUST:
        return end_of(command->of.adjust.ticket_type_id);
    case COMMAND_SWEEP:
        return end_of(command->of.sweep);
    case COMMAND_EVENT_CHANGE:
        return uuid_lane_of_event(command->of.event.event.id);
    case COMMAND_EVENT_ARCHIVE:
        return uuid_lane_of_event(command->of.archive.id);
    case COMMAND_TYPE_CREATE:
        return uuid_lane_of_event(command->of.type.type.event_id);
    case COMMAND_TYPE_CHANGE:
        return end_of(command->of.type.type.id);
    case COMMAND_TYPE_ARCHIVE:
    case COMMAND_VENUE_ARCHIVE:
        return end_of(command->of.archive.id);
    case COMMAND_VENUE_CHANGE:
        return end_of(command->of.venue.venue.id);
    case COMMAND_KEY_REVOKE:
    case COMMAND_KEY_TOUCH:
        return end_of(command->of.api_key.key.id);
    case COMMAND_STAFF_CHANGE:
    case COMMAND_STAFF_DISABLE:
    case COMMAND_STAFF_PASSWORD:
    case COMMAND_SESSION_BEGIN:
    case COMMAND_SESSION_END:
    case COMMAND_SESSION_TOUCH:
        return end_of(command->of.staff.staff.id);
    case COMMAND_VENUE_CREATE:
    case COMMAND_EVENT_CREATE:
    case COMMAND_KEY_CREATE:
    case COMMAND_STAFF_CREATE:
    case COMMAND_PRUNE:
    case COMMAND_SHIFT_OPEN:
        return lane_of_new(command);
    case COMMAND_SHIFT_CLOSE:
        return end_of(command->of.shift.shift.id);
    }
    return 0;
}
