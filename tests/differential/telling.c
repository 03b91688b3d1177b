#include "telling.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"

enum { FIRST_BYTES = 4096, EXCERPT_BEFORE = 200, EXCERPT_AFTER = 400 };

void telling_finish(struct telling *telling) {
    free(telling->bytes);
    *telling = (struct telling){.bytes = NULL};
}

void telling_clear(struct telling *telling) {
    telling->length = 0;
}

static void make_room(struct telling *telling, size_t bytes) {
    if (telling->capacity - telling->length >= bytes) {
        return;
    }
    size_t larger = telling->capacity == 0 ? FIRST_BYTES : telling->capacity;
    while (larger - telling->length < bytes) {
        larger *= 2;
    }
    telling->bytes = realloc(telling->bytes, larger);
    require(telling->bytes != NULL);
    telling->capacity = larger;
}

void tell(struct telling *telling, const char *format, ...) {
    va_list arguments;
    make_room(telling, 256);
    size_t room = telling->capacity - telling->length;
    va_start(arguments, format);
    int length = vsnprintf(telling->bytes + telling->length, room, format, arguments);
    va_end(arguments);
    if ((size_t)length >= room) {
        make_room(telling, (size_t)length + 1);
        va_start(arguments, format);
        vsnprintf(telling->bytes + telling->length, (size_t)length + 1, format, arguments);
        va_end(arguments);
    }
    telling->length += (size_t)length;
}

static void tell_number(struct telling *telling, const char *name, int64_t number) {
    tell(telling, " %s=%" PRId64, name, number);
}

void tell_instant(struct telling *telling, const char *name, struct instant at) {
    if (!instant_is_none(at)) {
        tell_number(telling, name, at.us);
    }
}

static void tell_text(struct telling *telling, const char *name, struct text text) {
    if (!text_is_absent(text)) {
        tell(telling, " %s=\"%.*s\"", name, (int)text.length, text.bytes);
    }
}

static void tell_uuid(struct telling *telling, const char *name, struct uuid id) {
    char text[UUID_TEXT_SIZE];
    if (!uuid_is_none(id)) {
        tell(telling, " %s=%s", name, uuid_format(id, text));
    }
}

static void tell_bytes(struct telling *telling, const char *name, const uint8_t *bytes,
                       size_t count) {
    tell(telling, " %s=", name);
    for (size_t i = 0; i < count; i++) {
        tell(telling, "%02x", bytes[i]);
    }
}

static void tell_counts(struct telling *telling, const char *name, struct counts counts) {
    tell(telling, " %s=%" PRId32 "/%" PRId32 "/%" PRId32, name, counts.total, counts.sold,
         counts.reserved);
}

#define NUMBER(member)  tell_number(telling, #member, (int64_t)row->member)
#define INSTANT(member) tell_instant(telling, #member, row->member)
#define WORDS(member)   tell_text(telling, #member, row->member)
#define ID(member)      tell_uuid(telling, #member, row->member)

void tell_id(struct telling *telling, const void *id) {
    tell_uuid(telling, "id", *(const struct uuid *)id);
}

void tell_venue(struct telling *telling, const void *venue) {
    const struct venue *row = venue;
    tell(telling, "venue");
    ID(id);
    WORDS(name);
    WORDS(address);
    WORDS(time_zone);
    INSTANT(created_at);
    INSTANT(updated_at);
    INSTANT(archived_at);
    NUMBER(version);
}

void tell_event(struct telling *telling, const void *event) {
    const struct event *row = event;
    tell(telling, "event");
    ID(id);
    ID(venue_id);
    WORDS(name);
    WORDS(description);
    WORDS(image_url);
    WORDS(time_zone);
    tell(telling, " currency=%s", row->currency.code);
    INSTANT(start_date);
    INSTANT(end_date);
    INSTANT(created_at);
    INSTANT(updated_at);
    INSTANT(archived_at);
    NUMBER(version);
    NUMBER(published);
    NUMBER(featured);
}

void tell_type(struct telling *telling, const void *type) {
    const struct ticket_type *row = type;
    tell(telling, "type");
    ID(id);
    ID(event_id);
    WORDS(name);
    WORDS(description);
    NUMBER(price);
    NUMBER(initial);
    tell_counts(telling, "counts", row->counts);
    INSTANT(sales_start);
    INSTANT(sales_end);
    NUMBER(max_per_order);
    NUMBER(max_per_customer);
    NUMBER(settings_version);
    NUMBER(audit_seq);
    tell_bytes(telling, "audit_hash", row->audit_hash.bytes, CHAIN_HASH_SIZE);
    INSTANT(last_entry_at);
    NUMBER(adopted_sold);
    INSTANT(created_at);
    INSTANT(updated_at);
    INSTANT(archived_at);
}

void tell_type_reading(struct telling *telling, const void *type) {
    const struct type_reading *row = type;
    tell_type(telling, &row->row);
    INSTANT(as_of);
    INSTANT(next_expiry_at);
    NUMBER(event_is_public);
    NUMBER(event_version);
    tell(telling, " currency=%s", row->currency.code);
}

void tell_reservation(struct telling *telling, const void *reservation) {
    const struct reservation *row = reservation;
    tell(telling, "reservation");
    ID(id);
    ID(event_id);
    ID(ticket_type_id);
    ID(cart_id);
    ID(user_id);
    ID(sold_by);
    ID(shift_id);
    NUMBER(quantity);
    NUMBER(refunded_quantity);
    NUMBER(status);
    NUMBER(channel);
    NUMBER(unit_price);
    tell(telling, " currency=%s", row->currency.code);
    WORDS(tender);
    WORDS(order_id);
    INSTANT(expires_at);
    INSTANT(created_at);
    INSTANT(updated_at);
    INSTANT(completed_at);
}

void tell_cart(struct telling *telling, const void *cart) {
    const struct cart *row = cart;
    tell(telling, "cart");
    ID(id);
    ID(event_id);
    ID(user_id);
    ID(sold_by);
    ID(shift_id);
    NUMBER(status);
    NUMBER(channel);
    tell(telling, " currency=%s", row->currency.code);
    WORDS(tender);
    WORDS(order_id);
    INSTANT(expires_at);
    INSTANT(created_at);
    INSTANT(updated_at);
    INSTANT(completed_at);
}

void tell_entry(struct telling *telling, const void *entry) {
    const struct audit_entry *row = entry;
    tell(telling, "entry");
    ID(id);
    ID(event_id);
    ID(ticket_type_id);
    ID(user_id);
    ID(reservation_id);
    ID(shift_id);
    NUMBER(seq);
    NUMBER(action);
    NUMBER(quantity);
    tell_counts(telling, "previous", row->previous);
    tell_counts(telling, "now", row->now);
    WORDS(reason);
    WORDS(order_id);
    WORDS(tender);
    INSTANT(created_at);
    INSTANT(effective_at);
    NUMBER(actor.kind);
    ID(actor.id);
    NUMBER(disposition);
    NUMBER(channel);
    tell_bytes(telling, "chain_hash", row->chain_hash.bytes, CHAIN_HASH_SIZE);
}

void tell_api_key(struct telling *telling, const void *key) {
    const struct api_key *row = key;
    tell(telling, "api_key");
    ID(id);
    WORDS(name);
    NUMBER(role);
    for (size_t i = 0; i < row->events_count; i++) {
        ID(events[i]);
    }
    tell_bytes(telling, "secret_hash", row->secret_hash, KEY_HASH_SIZE);
    INSTANT(created_at);
    INSTANT(expires_at);
    INSTANT(last_used_at);
    INSTANT(revoked_at);
}

static void tell_shift_total(struct telling *telling, const struct shift_total *row) {
    tell(telling, "\n  total");
    WORDS(tender);
    NUMBER(sales);
    NUMBER(tickets_sold);
    NUMBER(tickets_refunded);
    NUMBER(gross);
    NUMBER(refunds);
}

void tell_shift(struct telling *telling, const void *shift) {
    const struct shift *row = &((const struct shift_reading *)shift)->row;
    const struct shift_reading *reading = shift;
    tell(telling, "shift");
    ID(id);
    NUMBER(operator.kind);
    ID(operator.id);
    WORDS(terminal);
    WORDS(note);
    tell(telling, " currency=%s", row->currency.code);
    NUMBER(opening_cash);
    INSTANT(opened_at);
    INSTANT(closed_at);
    if (!instant_is_none(row->closed_at)) {
        NUMBER(expected_cash);
        NUMBER(counted_cash);
    }
    for (size_t i = 0; i < reading->totals_count; i++) {
        tell_shift_total(telling, &reading->totals[i]);
    }
}

void tell_history(struct telling *telling, const void *history) {
    const struct history *row = history;
    tell(telling, "history");
    NUMBER(known);
    tell_counts(telling, "counts", row->counts);
    NUMBER(seq);
    NUMBER(expired_unwritten);
}

void tell_sums(struct telling *telling, const void *sums) {
    const struct type_sums *row = sums;
    tell_type(telling, &row->row);
    NUMBER(active_quantity);
    NUMBER(sold_quantity);
    NUMBER(active_count);
}

#define FACT(member)                                                                               \
    if (row->member != FACT_NONE) {                                                                \
        NUMBER(member);                                                                            \
    }

static void tell_facts(struct telling *telling, const struct facts *row) {
    tell(telling, "\n facts");
    ID(ticket_type_id);
    ID(event_id);
    ID(reservation_id);
    ID(cart_id);
    ID(shift_id);
    WORDS(name);
    WORDS(pointer);
    WORDS(detail);
    WORDS(order_id);
    FACT(requested);
    FACT(available);
    FACT(reserved);
    FACT(sold);
    FACT(total);
    FACT(shortfall);
    FACT(limit);
    FACT(customer_has);
    FACT(sold_remaining);
    INSTANT(next_expiry_at);
    INSTANT(at);
}

static void tell_row(struct telling *telling, teller *how, const void *row) {
    if (row != NULL) {
        tell(telling, "\n ");
        how(telling, row);
    }
}

void tell_outcome(struct telling *telling, const struct outcome *outcome) {
    const struct outcome *row = outcome;
    tell(telling, "answer");
    NUMBER(verdict);
    NUMBER(kind);
    NUMBER(replayed);
    INSTANT(decided_at);
    NUMBER(released);
    NUMBER(more_expired);
    tell_facts(telling, &outcome->facts);
    tell_row(telling, tell_venue, outcome->venue);
    tell_row(telling, tell_event, outcome->event);
    tell_row(telling, tell_type, outcome->type);
    tell_row(telling, tell_api_key, outcome->api_key);
    tell_row(telling, tell_cart, outcome->cart);
    tell_row(telling, tell_shift, outcome->shift);
    for (size_t i = 0; i < outcome->lines_count; i++) {
        tell_row(telling, tell_reservation, &outcome->lines[i]);
    }
    for (size_t i = 0; i < outcome->entries_count; i++) {
        tell_row(telling, tell_entry, &outcome->entries[i]);
    }
    tell(telling, "\n");
}

static int excerpt_of(const struct telling *telling, size_t at, char *excerpt, size_t size) {
    size_t from = at < EXCERPT_BEFORE ? 0 : at - EXCERPT_BEFORE;
    size_t length = telling->length - from;
    if (length > EXCERPT_BEFORE + EXCERPT_AFTER) {
        length = EXCERPT_BEFORE + EXCERPT_AFTER;
    }
    return snprintf(excerpt, size, "...%.*s", (int)length,
                    length == 0 ? "" : telling->bytes + from);
}

bool telling_differs(const struct telling *a, const struct telling *b, char *excerpt, size_t size) {
    size_t shorter = a->length < b->length ? a->length : b->length;
    if (a->length == b->length && (shorter == 0 || memcmp(a->bytes, b->bytes, shorter) == 0)) {
        return false;
    }
    size_t at = 0;
    while (at < shorter && a->bytes[at] == b->bytes[at]) {
        at++;
    }
    int used = excerpt_of(a, at, excerpt, size / 2);
    size_t from = (size_t)used < size / 2 ? (size_t)used : size / 2 - 1;
    int middle = snprintf(excerpt + from, size - from, "\n-- the other says\n");
    excerpt_of(b, at, excerpt + from + middle, size - from - (size_t)middle);
    return true;
}
