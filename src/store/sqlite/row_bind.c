#include <string.h>

#include "store/sqlite/row.h"

static void bind_currency(sqlite3_stmt *s, int parameter, const struct currency *currency) {
    sqlite3_bind_text(s, parameter, currency->code, 3, SQLITE_STATIC);
}

void bind_venue(sqlite3_stmt *s, const struct venue *venue) {
    bind_uuid(s, 1, &venue->id);
    bind_text(s, 2, venue->name);
    bind_text(s, 3, venue->address);
    bind_text(s, 4, venue->time_zone);
    bind_instant(s, 5, venue->created_at);
    bind_instant(s, 6, venue->updated_at);
    bind_instant(s, 7, venue->archived_at);
    bind_integer(s, 8, venue->version);
}

void bind_event(sqlite3_stmt *s, const struct event *event) {
    bind_uuid(s, 1, &event->id);
    bind_text(s, 2, event->name);
    bind_text(s, 3, event->description);
    bind_uuid(s, 4, &event->venue_id);
    bind_instant(s, 5, event->start_date);
    bind_instant(s, 6, event->end_date);
    bind_instant(s, 7, event->created_at);
    bind_instant(s, 8, event->updated_at);
    bind_integer(s, 9, event->published);
    bind_integer(s, 10, event->featured);
    bind_text(s, 11, event->image_url);
    bind_currency(s, 12, &event->currency);
    bind_text(s, 13, event->time_zone);
    bind_instant(s, 14, event->archived_at);
    bind_integer(s, 15, event->version);
}

void bind_type(sqlite3_stmt *s, const struct ticket_type *type) {
    bind_uuid(s, 1, &type->id);
    bind_uuid(s, 2, &type->event_id);
    bind_text(s, 3, type->name);
    bind_text(s, 4, type->description);
    bind_integer(s, 5, type->price);
    bind_integer(s, 6, type->initial);
    bind_integer(s, 7, type->counts.total);
    bind_integer(s, 8, type->counts.sold);
    bind_integer(s, 9, type->counts.reserved);
    bind_instant(s, 10, type->created_at);
    bind_instant(s, 11, type->updated_at);
    bind_instant(s, 12, type->sales_start);
    bind_instant(s, 13, type->sales_end);
    bind_limit(s, 14, type->max_per_order);
    bind_limit(s, 15, type->max_per_customer);
    bind_integer(s, 16, type->settings_version);
    bind_integer(s, 17, type->audit_seq);
    bind_bytes(s, 18, type->audit_hash.bytes, CHAIN_HASH_SIZE);
    bind_instant(s, 19, type->last_entry_at);
    bind_integer(s, 20, type->adopted_sold);
    bind_instant(s, 21, type->archived_at);
}

void bind_reservation(sqlite3_stmt *s, const struct reservation *reservation) {
    bind_uuid(s, 1, &reservation->id);
    bind_uuid(s, 2, &reservation->ticket_type_id);
    bind_integer(s, 3, reservation->quantity);
    bind_uuid(s, 4, &reservation->user_id);
    bind_instant(s, 5, reservation->expires_at);
    bind_text(s, 6, reservation_status_name(reservation->status));
    bind_text(s, 7, reservation->order_id);
    bind_instant(s, 8, reservation->created_at);
    bind_instant(s, 9, reservation->updated_at);
    bind_uuid(s, 10, &reservation->event_id);
    bind_uuid(s, 11, &reservation->cart_id);
    bind_integer(s, 12, reservation->unit_price);
    bind_currency(s, 13, &reservation->currency);
    bind_text(s, 14, channel_name(reservation->channel));
    bind_text(s, 15, reservation->tender);
    bind_uuid(s, 16, &reservation->sold_by);
    bind_uuid(s, 17, &reservation->shift_id);
    bind_integer(s, 18, reservation->refunded_quantity);
    bind_instant(s, 19, reservation->completed_at);
}

void bind_cart(sqlite3_stmt *s, const struct cart *cart) {
    bind_uuid(s, 1, &cart->id);
    bind_uuid(s, 2, &cart->event_id);
    bind_uuid(s, 3, &cart->user_id);
    bind_text(s, 4, reservation_status_name(cart->status));
    bind_instant(s, 5, cart->expires_at);
    bind_text(s, 6, cart->order_id);
    bind_currency(s, 7, &cart->currency);
    bind_text(s, 8, channel_name(cart->channel));
    bind_text(s, 9, cart->tender);
    bind_uuid(s, 10, &cart->sold_by);
    bind_uuid(s, 11, &cart->shift_id);
    bind_instant(s, 12, cart->created_at);
    bind_instant(s, 13, cart->updated_at);
    bind_instant(s, 14, cart->completed_at);
}

void bind_entry(sqlite3_stmt *s, const struct audit_entry *entry) {
    bind_uuid(s, 1, &entry->id);
    bind_uuid(s, 2, &entry->ticket_type_id);
    bind_uuid(s, 3, &entry->user_id);
    bind_text(s, 4, action_name(entry->action));
    bind_integer(s, 5, entry->quantity);
    bind_integer(s, 6, entry->previous.total);
    bind_integer(s, 7, entry->now.total);
    bind_integer(s, 8, entry->previous.sold);
    bind_integer(s, 9, entry->now.sold);
    bind_integer(s, 10, entry->previous.reserved);
    bind_integer(s, 11, entry->now.reserved);
    bind_text(s, 12, entry->reason);
    bind_instant(s, 13, entry->created_at);
    bind_uuid(s, 14, &entry->event_id);
    bind_integer(s, 15, entry->seq);
    bind_bytes(s, 16, entry->chain_hash.bytes, CHAIN_HASH_SIZE);
    bind_instant(s, 17, entry->effective_at);
    bind_text(s, 18, actor_kind_name(entry->actor.kind));
    bind_uuid(s, 19, &entry->actor.id);
    bind_uuid(s, 20, &entry->reservation_id);
    bind_text(s, 21, entry->order_id);
    bind_text(s, 22, disposition_name(entry->disposition));
    bind_text(s, 23, channel_name(entry->channel));
    bind_text(s, 24, entry->tender);
    bind_uuid(s, 25, &entry->shift_id);
}

void bind_api_key(sqlite3_stmt *s, const struct api_key *key) {
    bind_uuid(s, 1, &key->id);
    bind_text(s, 2, key->name);
    bind_text(s, 3, role_name(key->role));
    bind_bytes(s, 4, key->events, key->events_count * sizeof *key->events);
    bind_bytes(s, 5, key->secret_hash, KEY_HASH_SIZE);
    bind_instant(s, 6, key->created_at);
    bind_instant(s, 7, key->expires_at);
    bind_instant(s, 8, key->last_used_at);
    bind_instant(s, 9, key->revoked_at);
}

void bind_shift(sqlite3_stmt *s, const struct shift *shift) {
    bool is_closed = !instant_is_none(shift->closed_at);
    bind_uuid(s, 1, &shift->id);
    bind_uuid(s, 2, &shift->operator.id);
    bind_text(s, 3, shift->terminal);
    bind_currency(s, 4, &shift->currency);
    bind_integer(s, 5, shift->opening_cash);
    if (is_closed) {
        bind_integer(s, 6, shift->counted_cash);
        bind_integer(s, 7, shift->expected_cash);
    } else {
        sqlite3_bind_null(s, 6);
        sqlite3_bind_null(s, 7);
    }
    bind_text(s, 8, shift->note);
    bind_instant(s, 9, shift->opened_at);
    bind_instant(s, 10, shift->closed_at);
    bind_text(s, 11, actor_kind_name(shift->operator.kind));
}
