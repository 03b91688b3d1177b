#include "lib/fingerprint.h"

#include <assert.h>
#include <sodium.h>

static_assert(FINGERPRINT_SIZE == crypto_generichash_BYTES, "a fingerprint is BLAKE2b-256");

/* Once stored, a fingerprint must stay comparable: a change of form is a new version. */
enum { FORM_VERSION = 1 };

struct hasher {
    crypto_generichash_state state;
};

static void put_number(struct hasher *hasher, int64_t number) {
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)((uint64_t)number >> (56 - 8 * i));
    }
    crypto_generichash_update(&hasher->state, bytes, sizeof bytes);
}

static void put_id(struct hasher *hasher, struct uuid id) {
    crypto_generichash_update(&hasher->state, id.bytes, sizeof id.bytes);
}

static void put_text(struct hasher *hasher, struct text text) {
    put_number(hasher, text_is_absent(text) ? -1 : (int64_t)text.length);
    if (!text_is_absent(text)) {
        crypto_generichash_update(&hasher->state, (const unsigned char *)text.bytes, text.length);
    }
}

static void put_target(struct hasher *hasher, struct target target) {
    put_id(hasher, target.id);
    put_number(hasher, target.is_cart);
}

static void put_items(struct hasher *hasher, struct items items) {
    put_number(hasher, (int64_t)items.count);
    for (size_t i = 0; i < items.count; i++) {
        put_id(hasher, items.list[i].id);
        put_number(hasher, items.list[i].quantity);
    }
}

static void put_reserve(struct hasher *hasher, const struct reserve_command *asked) {
    put_items(hasher, asked->items);
    put_id(hasher, asked->cart_id);
    put_id(hasher, asked->user_id);
    put_number(hasher, asked->seconds);
}

static void put_complete(struct hasher *hasher, const struct complete_command *asked) {
    put_target(hasher, asked->target);
    put_text(hasher, asked->order_id);
    put_text(hasher, asked->tender);
    put_text(hasher, asked->reason);
    put_number(hasher, asked->channel);
    put_number(hasher, asked->refuse_if_expired);
}

static void put_refund(struct hasher *hasher, const struct refund_command *asked) {
    put_target(hasher, asked->target);
    put_items(hasher, asked->items);
    put_number(hasher, asked->quantity);
    put_text(hasher, asked->reason);
    put_text(hasher, asked->tender);
    put_number(hasher, asked->disposition);
}

static void put_sell(struct hasher *hasher, const struct sell_command *asked) {
    put_items(hasher, asked->items);
    put_id(hasher, asked->user_id);
    put_text(hasher, asked->order_id);
    put_text(hasher, asked->tender);
    put_text(hasher, asked->reason);
    put_number(hasher, asked->channel);
}

static void put_adjust(struct hasher *hasher, const struct adjust_command *asked) {
    put_id(hasher, asked->ticket_type_id);
    put_number(hasher, asked->action);
    put_number(hasher, asked->quantity);
    put_text(hasher, asked->reason);
    put_number(hasher, asked->expected_total);
}

static void put_venue(struct hasher *hasher, const struct venue_command *asked) {
    put_id(hasher, asked->venue.id);
    put_text(hasher, asked->venue.name);
    put_text(hasher, asked->venue.address);
    put_text(hasher, asked->venue.time_zone);
    put_number(hasher, asked->fields);
    put_number(hasher, asked->if_version);
}

static void put_event(struct hasher *hasher, const struct event_command *asked) {
    const struct event *event = &asked->event;
    put_id(hasher, event->id);
    put_id(hasher, event->venue_id);
    put_text(hasher, event->name);
    put_text(hasher, event->description);
    put_text(hasher, event->image_url);
    put_text(hasher, event->time_zone);
    put_text(hasher, text_of(event->currency.code));
    put_number(hasher, event->start_date.us);
    put_number(hasher, event->end_date.us);
    put_number(hasher, event->published);
    put_number(hasher, event->featured);
    put_number(hasher, asked->fields);
    put_number(hasher, asked->if_version);
}

static void put_type(struct hasher *hasher, const struct type_command *asked) {
    const struct ticket_type *type = &asked->type;
    put_id(hasher, type->id);
    put_id(hasher, type->event_id);
    put_text(hasher, type->name);
    put_text(hasher, type->description);
    put_number(hasher, type->price);
    put_number(hasher, type->initial);
    put_number(hasher, type->sales_start.us);
    put_number(hasher, type->sales_end.us);
    put_number(hasher, type->max_per_order);
    put_number(hasher, type->max_per_customer);
    put_number(hasher, asked->fields);
    put_number(hasher, asked->if_version);
}

static void put_members(struct hasher *hasher, const struct command *command) {
    switch (command->kind) {
    case COMMAND_RESERVE:
    case COMMAND_CART_CREATE:
    case COMMAND_CART_REPLACE:
        put_reserve(hasher, &command->of.reserve);
        return;
    case COMMAND_COMPLETE:
        put_complete(hasher, &command->of.complete);
        return;
    case COMMAND_RELEASE:
        put_target(hasher, command->of.release.target);
        put_text(hasher, command->of.release.reason);
        return;
    case COMMAND_EXTEND:
        put_target(hasher, command->of.extend.target);
        put_number(hasher, command->of.extend.seconds);
        return;
    case COMMAND_REFUND:
        put_refund(hasher, &command->of.refund);
        return;
    case COMMAND_SELL:
        put_sell(hasher, &command->of.sell);
        return;
    case COMMAND_ADJUST:
        put_adjust(hasher, &command->of.adjust);
        return;
    case COMMAND_VENUE_CREATE:
    case COMMAND_VENUE_CHANGE:
        put_venue(hasher, &command->of.venue);
        return;
    case COMMAND_EVENT_CREATE:
    case COMMAND_EVENT_CHANGE:
        put_event(hasher, &command->of.event);
        return;
    case COMMAND_TYPE_CREATE:
    case COMMAND_TYPE_CHANGE:
        put_type(hasher, &command->of.type);
        return;
    case COMMAND_VENUE_ARCHIVE:
    case COMMAND_EVENT_ARCHIVE:
    case COMMAND_TYPE_ARCHIVE:
        put_id(hasher, command->of.archive.id);
        put_number(hasher, command->of.archive.archive);
        return;
    case COMMAND_SWEEP: /* the executor's own: they carry no idempotency key */
    case COMMAND_KEY_CREATE:
    case COMMAND_KEY_REVOKE:
    case COMMAND_KEY_TOUCH:
    case COMMAND_STAFF_CREATE:
    case COMMAND_STAFF_CHANGE:
    case COMMAND_STAFF_DISABLE:
    case COMMAND_STAFF_PASSWORD:
    case COMMAND_SESSION_BEGIN:
    case COMMAND_SESSION_END:
    case COMMAND_SESSION_TOUCH:
    case COMMAND_PRUNE:
    case COMMAND_SHIFT_OPEN: /* the library has no calls for shifts */
    case COMMAND_SHIFT_CLOSE:
        return;
    }
}

void fingerprint_take(const struct command *command, uint8_t fingerprint[FINGERPRINT_SIZE]) {
    struct hasher hasher;
    crypto_generichash_init(&hasher.state, NULL, 0, FINGERPRINT_SIZE);
    put_number(&hasher, FORM_VERSION);
    put_number(&hasher, command->kind);
    put_members(&hasher, command);
    crypto_generichash_final(&hasher.state, fingerprint, FINGERPRINT_SIZE);
}
