#include "lib/plain.h"

#include <assert.h>

/* Words of the domain are cast to the public ones. */
static_assert((int)TICKETD_ACTIVE == (int)RESERVATION_ACTIVE &&
                  (int)TICKETD_COMPLETED == (int)RESERVATION_COMPLETED &&
                  (int)TICKETD_RELEASED == (int)RESERVATION_RELEASED &&
                  (int)TICKETD_EXPIRED == (int)RESERVATION_EXPIRED,
              "status");
static_assert((int)TICKETD_ONLINE == (int)CHANNEL_ONLINE &&
                  (int)TICKETD_BOX_OFFICE == (int)CHANNEL_BOX_OFFICE &&
                  (int)TICKETD_PARTNER == (int)CHANNEL_PARTNER &&
                  (int)TICKETD_COMP == (int)CHANNEL_COMP,
              "channel");
static_assert((int)TICKETD_ACTION_INCREASE == (int)ACTION_INCREASE &&
                  (int)TICKETD_ACTION_DECREASE == (int)ACTION_DECREASE &&
                  (int)TICKETD_ACTION_RESERVE == (int)ACTION_RESERVE &&
                  (int)TICKETD_ACTION_RELEASE == (int)ACTION_RELEASE &&
                  (int)TICKETD_ACTION_SALE == (int)ACTION_SALE &&
                  (int)TICKETD_ACTION_REFUND == (int)ACTION_REFUND,
              "action");
static_assert((int)TICKETD_BY_SYSTEM == (int)ACTOR_SYSTEM &&
                  (int)TICKETD_BY_KEY == (int)ACTOR_KEY &&
                  (int)TICKETD_BY_STAFF == (int)ACTOR_STAFF &&
                  (int)TICKETD_BY_USER == (int)ACTOR_USER,
              "actor");
static_assert((int)TICKETD_RETURN == (int)DISPOSITION_RETURN &&
                  (int)TICKETD_VOID == (int)DISPOSITION_VOID,
              "disposition");
static_assert(sizeof(struct ticketd_id) == sizeof(struct uuid) &&
                  sizeof((struct ticketd_entry){0}.chain_hash) == CHAIN_HASH_SIZE,
              "bytes");

static bool begins_character(char c) {
    return ((unsigned char)c & 0xC0) != 0x80;
}

void plain_text(char *buffer, size_t size, struct text text) {
    size_t length = text.length < size ? text.length : size - 1;
    while (length > 0 && length < text.length && !begins_character(text.bytes[length])) {
        length--;
    }
    if (length > 0) {
        memcpy(buffer, text.bytes, length);
    }
    buffer[length] = '\0';
}

void plain_reservation(const struct reservation *row, struct instant now,
                       struct ticketd_reservation *reservation) {
    *reservation = (struct ticketd_reservation){
        .id = plain_id(row->id),
        .event_id = plain_id(row->event_id),
        .ticket_type_id = plain_id(row->ticket_type_id),
        .cart_id = plain_id(row->cart_id),
        .user_id = plain_id(row->user_id),
        .status = (enum ticketd_status)status_at(row->status, row->expires_at, now),
        .quantity = row->quantity,
        .refunded_quantity = row->refunded_quantity,
        .unit_price = row->unit_price,
        .remaining_seconds = remaining_seconds_at(row->status, row->expires_at, now),
        .channel = (int)row->channel,
        .created_at = plain_time(row->created_at),
        .expires_at = plain_time(row->expires_at),
        .completed_at = plain_time(row->completed_at),
    };
    PLAIN_TEXT(reservation->currency, text_of(row->currency.code));
    PLAIN_TEXT(reservation->tender, row->tender);
    PLAIN_TEXT(reservation->order_id, row->order_id);
}

void plain_cart(const struct cart *row, const struct reservation *lines, size_t lines_count,
                struct instant now, struct ticketd_cart *cart) {
    *cart = (struct ticketd_cart){
        .id = plain_id(row->id),
        .event_id = plain_id(row->event_id),
        .user_id = plain_id(row->user_id),
        .status = (enum ticketd_status)status_at(row->status, row->expires_at, now),
        .channel = (int)row->channel,
        .remaining_seconds = remaining_seconds_at(row->status, row->expires_at, now),
        .created_at = plain_time(row->created_at),
        .expires_at = plain_time(row->expires_at),
        .completed_at = plain_time(row->completed_at),
    };
    PLAIN_TEXT(cart->currency, text_of(row->currency.code));
    PLAIN_TEXT(cart->tender, row->tender);
    PLAIN_TEXT(cart->order_id, row->order_id);
    for (size_t i = 0; i < lines_count && cart->lines_count < TICKETD_CART_LINES_MAX; i++) {
        const struct reservation *line = &lines[i];
        if (!cart_shows_line(row, line)) {
            continue;
        }
        cart->amount += line->quantity * line->unit_price;
        cart->lines[cart->lines_count++] = (struct ticketd_line){
            .id = plain_id(line->id),
            .ticket_type_id = plain_id(line->ticket_type_id),
            .status = (enum ticketd_status)status_at(line->status, line->expires_at, now),
            .quantity = line->quantity,
            .refunded_quantity = line->refunded_quantity,
            .unit_price = line->unit_price,
        };
    }
}

struct ticketd_counts plain_counts(const struct ticket_type *row) {
    return (struct ticketd_counts){
        .ticket_type_id = plain_id(row->id),
        .initial = row->initial,
        .total = row->counts.total,
        .sold = row->counts.sold,
        .reserved = row->counts.reserved,
        .available = counts_available(row->counts),
    };
}

void plain_type(const struct ticket_type *row, struct ticketd_type *type) {
    *type = (struct ticketd_type){
        .id = plain_id(row->id),
        .event_id = plain_id(row->event_id),
        .price = row->price,
        .counts = plain_counts(row),
        .sales_start = plain_time(row->sales_start),
        .sales_end = plain_time(row->sales_end),
        .max_per_order = row->max_per_order,
        .max_per_customer = row->max_per_customer,
        .created_at = plain_time(row->created_at),
        .updated_at = plain_time(row->updated_at),
        .archived_at = plain_time(row->archived_at),
        .version = row->settings_version,
    };
    PLAIN_TEXT(type->name, row->name);
    PLAIN_TEXT(type->description, row->description);
}

void plain_venue(const struct venue *row, struct ticketd_venue *venue) {
    *venue = (struct ticketd_venue){
        .id = plain_id(row->id),
        .created_at = plain_time(row->created_at),
        .updated_at = plain_time(row->updated_at),
        .archived_at = plain_time(row->archived_at),
        .version = row->version,
    };
    PLAIN_TEXT(venue->name, row->name);
    PLAIN_TEXT(venue->address, row->address);
    PLAIN_TEXT(venue->time_zone, row->time_zone);
}

void plain_event(const struct event *row, struct ticketd_event *event) {
    *event = (struct ticketd_event){
        .id = plain_id(row->id),
        .venue_id = plain_id(row->venue_id),
        .start_date = plain_time(row->start_date),
        .end_date = plain_time(row->end_date),
        .created_at = plain_time(row->created_at),
        .updated_at = plain_time(row->updated_at),
        .archived_at = plain_time(row->archived_at),
        .published = row->published,
        .featured = row->featured,
        .version = row->version,
    };
    PLAIN_TEXT(event->name, row->name);
    PLAIN_TEXT(event->description, row->description);
    PLAIN_TEXT(event->image_url, row->image_url);
    PLAIN_TEXT(event->currency, text_of(row->currency.code));
    PLAIN_TEXT(event->time_zone, row->time_zone);
}

void plain_entry(const struct audit_entry *row, struct ticketd_entry *entry) {
    *entry = (struct ticketd_entry){
        .id = plain_id(row->id),
        .event_id = plain_id(row->event_id),
        .ticket_type_id = plain_id(row->ticket_type_id),
        .reservation_id = plain_id(row->reservation_id),
        .user_id = plain_id(row->user_id),
        .actor = plain_id(row->actor.id),
        .actor_kind = (enum ticketd_actor_kind)row->actor.kind,
        .seq = row->seq,
        .action = (enum ticketd_action)row->action,
        .quantity = row->quantity,
        .previous_total = row->previous.total,
        .previous_sold = row->previous.sold,
        .previous_reserved = row->previous.reserved,
        .new_total = row->now.total,
        .new_sold = row->now.sold,
        .new_reserved = row->now.reserved,
        .channel = (int)row->channel,
        .disposition = (int)row->disposition,
        .created_at = plain_time(row->created_at),
        .effective_at = plain_time(row->effective_at),
    };
    PLAIN_TEXT(entry->reason, row->reason);
    PLAIN_TEXT(entry->order_id, row->order_id);
    PLAIN_TEXT(entry->tender, row->tender);
    memcpy(entry->chain_hash, row->chain_hash.bytes, sizeof entry->chain_hash);
}
