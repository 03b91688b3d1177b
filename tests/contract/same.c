#include "same.h"

#include "support/unit.h"

#define SAME_NUMBER(member)  assert_int_equal(a->member, b->member)
#define SAME_INSTANT(member) assert_int_equal(a->member.us, b->member.us)
#define SAME_UUID(member)    assert_uuid(a->member, b->member)
#define SAME_TEXT(member)                                                                          \
    do {                                                                                           \
        if (!text_equals(a->member, b->member)) {                                                  \
            fail_msg("%s differs", #member);                                                       \
        }                                                                                          \
    } while (0)

void same_venue(const struct venue *a, const struct venue *b) {
    SAME_UUID(id);
    SAME_TEXT(name);
    SAME_TEXT(address);
    SAME_TEXT(time_zone);
    SAME_INSTANT(created_at);
    SAME_INSTANT(updated_at);
    SAME_INSTANT(archived_at);
    SAME_NUMBER(version);
}

void same_event(const struct event *a, const struct event *b) {
    SAME_UUID(id);
    SAME_UUID(venue_id);
    SAME_TEXT(name);
    SAME_TEXT(description);
    SAME_TEXT(image_url);
    SAME_TEXT(time_zone);
    assert_string_equal(a->currency.code, b->currency.code);
    SAME_INSTANT(start_date);
    SAME_INSTANT(end_date);
    SAME_INSTANT(created_at);
    SAME_INSTANT(updated_at);
    SAME_INSTANT(archived_at);
    SAME_NUMBER(version);
    SAME_NUMBER(published);
    SAME_NUMBER(featured);
}

void same_type(const struct ticket_type *a, const struct ticket_type *b) {
    SAME_UUID(id);
    SAME_UUID(event_id);
    SAME_TEXT(name);
    SAME_TEXT(description);
    SAME_NUMBER(price);
    SAME_NUMBER(initial);
    SAME_NUMBER(counts.total);
    SAME_NUMBER(counts.sold);
    SAME_NUMBER(counts.reserved);
    SAME_INSTANT(sales_start);
    SAME_INSTANT(sales_end);
    SAME_NUMBER(max_per_order);
    SAME_NUMBER(max_per_customer);
    SAME_NUMBER(settings_version);
    SAME_NUMBER(audit_seq);
    assert_memory_equal(&a->audit_hash, &b->audit_hash, sizeof a->audit_hash);
    SAME_INSTANT(last_entry_at);
    SAME_NUMBER(adopted_sold);
    SAME_INSTANT(created_at);
    SAME_INSTANT(updated_at);
    SAME_INSTANT(archived_at);
}

void same_reservation(const struct reservation *a, const struct reservation *b) {
    SAME_UUID(id);
    SAME_UUID(event_id);
    SAME_UUID(ticket_type_id);
    SAME_UUID(cart_id);
    SAME_UUID(user_id);
    SAME_UUID(sold_by);
    SAME_UUID(shift_id);
    SAME_NUMBER(quantity);
    SAME_NUMBER(refunded_quantity);
    SAME_NUMBER(status);
    SAME_NUMBER(channel);
    SAME_NUMBER(unit_price);
    assert_string_equal(a->currency.code, b->currency.code);
    SAME_TEXT(tender);
    SAME_TEXT(order_id);
    SAME_INSTANT(expires_at);
    SAME_INSTANT(created_at);
    SAME_INSTANT(updated_at);
    SAME_INSTANT(completed_at);
}

void same_cart(const struct cart *a, const struct cart *b) {
    SAME_UUID(id);
    SAME_UUID(event_id);
    SAME_UUID(user_id);
    SAME_UUID(sold_by);
    SAME_UUID(shift_id);
    SAME_NUMBER(status);
    SAME_NUMBER(channel);
    assert_string_equal(a->currency.code, b->currency.code);
    SAME_TEXT(tender);
    SAME_TEXT(order_id);
    SAME_INSTANT(expires_at);
    SAME_INSTANT(created_at);
    SAME_INSTANT(updated_at);
    SAME_INSTANT(completed_at);
}

void same_entry(const struct audit_entry *a, const struct audit_entry *b) {
    SAME_UUID(id);
    SAME_UUID(event_id);
    SAME_UUID(ticket_type_id);
    SAME_UUID(user_id);
    SAME_UUID(reservation_id);
    SAME_UUID(shift_id);
    SAME_NUMBER(seq);
    SAME_NUMBER(action);
    SAME_NUMBER(quantity);
    assert_memory_equal(&a->previous, &b->previous, sizeof a->previous);
    assert_memory_equal(&a->now, &b->now, sizeof a->now);
    SAME_TEXT(reason);
    SAME_TEXT(order_id);
    SAME_TEXT(tender);
    SAME_INSTANT(created_at);
    SAME_INSTANT(effective_at);
    SAME_NUMBER(actor.kind);
    SAME_UUID(actor.id);
    SAME_NUMBER(disposition);
    SAME_NUMBER(channel);
    assert_memory_equal(&a->chain_hash, &b->chain_hash, sizeof a->chain_hash);
}

void same_api_key(const struct api_key *a, const struct api_key *b) {
    SAME_UUID(id);
    SAME_TEXT(name);
    SAME_NUMBER(role);
    SAME_NUMBER(events_count);
    assert_memory_equal(a->events, b->events, a->events_count * sizeof *a->events);
    assert_memory_equal(a->secret_hash, b->secret_hash, KEY_HASH_SIZE);
    SAME_INSTANT(created_at);
    SAME_INSTANT(expires_at);
    SAME_INSTANT(last_used_at);
    SAME_INSTANT(revoked_at);
}
