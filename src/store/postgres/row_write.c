#include <string.h>

#include "domain/limits.h"
#include "store/postgres/row.h"

static void put_currency(struct parameters *p, int parameter, const struct currency *currency) {
    put_text(p, parameter, (struct text){currency->code, 3});
}

void put_venue(struct parameters *p, const struct venue *venue) {
    put_uuid(p, 1, venue->id);
    put_text(p, 2, venue->name);
    put_text(p, 3, venue->address);
    put_text(p, 4, venue->time_zone);
    put_instant(p, 5, venue->created_at);
    put_instant(p, 6, venue->updated_at);
    put_instant(p, 7, venue->archived_at);
    put_int8(p, 8, venue->version);
}

void put_event(struct parameters *p, const struct event *event) {
    put_uuid(p, 1, event->id);
    put_text(p, 2, event->name);
    put_text(p, 3, event->description);
    put_uuid(p, 4, event->venue_id);
    put_instant(p, 5, event->start_date);
    put_instant(p, 6, event->end_date);
    put_instant(p, 7, event->created_at);
    put_instant(p, 8, event->updated_at);
    put_bool(p, 9, event->published);
    put_bool(p, 10, event->featured);
    put_text(p, 11, event->image_url);
    put_currency(p, 12, &event->currency);
    put_text(p, 13, event->time_zone);
    put_instant(p, 14, event->archived_at);
    put_int8(p, 15, event->version);
}

void put_type(struct parameters *p, const struct ticket_type *type) {
    put_uuid(p, 1, type->id);
    put_uuid(p, 2, type->event_id);
    put_text(p, 3, type->name);
    put_text(p, 4, type->description);
    put_int4(p, 5, (int32_t)type->price);
    put_int4(p, 6, type->initial);
    put_int4(p, 7, type->counts.total);
    put_int4(p, 8, type->counts.sold);
    put_int4(p, 9, type->counts.reserved);
    put_instant(p, 10, type->created_at);
    put_instant(p, 11, type->updated_at);
    put_instant(p, 12, type->sales_start);
    put_instant(p, 13, type->sales_end);
    put_limit(p, 14, type->max_per_order);
    put_limit(p, 15, type->max_per_customer);
    put_int8(p, 16, type->settings_version);
    put_int8(p, 17, type->audit_seq);
    put_bytes(p, 18, type->audit_hash.bytes, CHAIN_HASH_SIZE);
    put_instant(p, 19, type->last_entry_at);
    put_int4(p, 20, type->adopted_sold);
    put_instant(p, 21, type->archived_at);
}

void put_reservation(struct parameters *p, const struct reservation *reservation) {
    put_uuid(p, 1, reservation->id);
    put_uuid(p, 2, reservation->ticket_type_id);
    put_int4(p, 3, reservation->quantity);
    put_uuid(p, 4, reservation->user_id);
    put_instant(p, 5, reservation->expires_at);
    put_text(p, 6, reservation_status_name(reservation->status));
    put_text(p, 7, reservation->order_id);
    put_instant(p, 8, reservation->created_at);
    put_instant(p, 9, reservation->updated_at);
    put_uuid(p, 10, reservation->event_id);
    put_uuid(p, 11, reservation->cart_id);
    put_int4(p, 12, (int32_t)reservation->unit_price);
    put_currency(p, 13, &reservation->currency);
    put_text(p, 14, channel_name(reservation->channel));
    put_text(p, 15, reservation->tender);
    put_uuid(p, 16, reservation->sold_by);
    put_uuid(p, 17, reservation->shift_id);
    put_int4(p, 18, reservation->refunded_quantity);
    put_instant(p, 19, reservation->completed_at);
}

void put_cart(struct parameters *p, const struct cart *cart) {
    put_uuid(p, 1, cart->id);
    put_uuid(p, 2, cart->event_id);
    put_uuid(p, 3, cart->user_id);
    put_text(p, 4, reservation_status_name(cart->status));
    put_instant(p, 5, cart->expires_at);
    put_text(p, 6, cart->order_id);
    put_currency(p, 7, &cart->currency);
    put_text(p, 8, channel_name(cart->channel));
    put_text(p, 9, cart->tender);
    put_uuid(p, 10, cart->sold_by);
    put_uuid(p, 11, cart->shift_id);
    put_instant(p, 12, cart->created_at);
    put_instant(p, 13, cart->updated_at);
    put_instant(p, 14, cart->completed_at);
}

void put_entry(struct parameters *p, const struct audit_entry *entry) {
    put_uuid(p, 1, entry->id);
    put_uuid(p, 2, entry->ticket_type_id);
    put_uuid(p, 3, entry->user_id);
    put_text(p, 4, action_name(entry->action));
    put_int4(p, 5, entry->quantity);
    put_int4(p, 6, entry->previous.total);
    put_int4(p, 7, entry->now.total);
    put_int4(p, 8, entry->previous.sold);
    put_int4(p, 9, entry->now.sold);
    put_int4(p, 10, entry->previous.reserved);
    put_int4(p, 11, entry->now.reserved);
    put_text(p, 12, entry->reason);
    put_instant(p, 13, entry->created_at);
    put_uuid(p, 14, entry->event_id);
    put_int8(p, 15, entry->seq);
    put_bytes(p, 16, entry->chain_hash.bytes, CHAIN_HASH_SIZE);
    put_instant(p, 17, entry->effective_at);
    put_text(p, 18, actor_kind_name(entry->actor.kind));
    put_uuid(p, 19, entry->actor.id);
    put_uuid(p, 20, entry->reservation_id);
    put_text(p, 21, entry->order_id);
    put_text(p, 22, disposition_name(entry->disposition));
    put_text(p, 23, channel_name(entry->channel));
    put_text(p, 24, entry->tender);
    put_uuid(p, 25, entry->shift_id);
}

/* An array cannot hold arrays of different lengths: as PostgreSQL writes one in text. */
static void put_ids_as_text(struct parameters *p, int parameter, const struct uuid *ids,
                            size_t count) {
    char text[2 + KEY_EVENTS_MAX * UUID_TEXT_SIZE];
    char *at = text;
    *at++ = '{';
    for (size_t i = 0; i < count && i < KEY_EVENTS_MAX; i++) {
        if (i > 0) {
            *at++ = ',';
        }
        uuid_format(ids[i], at);
        at += UUID_TEXT_SIZE - 1;
    }
    *at++ = '}';
    put_text(p, parameter, (struct text){text, (size_t)(at - text)});
}

void put_api_key(struct parameters *p, const struct api_key *key) {
    put_uuid(p, 1, key->id);
    put_text(p, 2, key->name);
    put_text(p, 3, role_name(key->role));
    put_ids_as_text(p, 4, key->events, key->events_count);
    put_bytes(p, 5, key->secret_hash, KEY_HASH_SIZE);
    put_instant(p, 6, key->created_at);
    put_instant(p, 7, key->expires_at);
    put_instant(p, 8, key->last_used_at);
    put_instant(p, 9, key->revoked_at);
}

void put_shift(struct parameters *p, const struct shift *shift) {
    put_uuid(p, 1, shift->id);
    put_uuid(p, 2, shift->operator.id);
    put_text(p, 3, shift->terminal);
    put_currency(p, 4, &shift->currency);
    put_int8(p, 5, shift->opening_cash);
    put_int8(p, 6, shift->counted_cash);
    put_int8(p, 7, shift->expected_cash);
    put_text(p, 8, shift->note);
    put_instant(p, 9, shift->opened_at);
    put_instant(p, 10, shift->closed_at);
    put_text(p, 11, actor_kind_name(shift->operator.kind));
}

void put_shift_total(struct parameters *p, struct uuid shift_id, const struct shift_total *total) {
    put_uuid(p, 1, shift_id);
    put_text(p, 2, text_is_absent(total->tender) ? TEXT("") : total->tender);
    put_int8(p, 3, total->sales);
    put_int8(p, 4, total->tickets_sold);
    put_int8(p, 5, total->tickets_refunded);
    put_int8(p, 6, total->gross);
    put_int8(p, 7, total->refunds);
}
