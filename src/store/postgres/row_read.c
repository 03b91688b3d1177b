#include <string.h>

#include "domain/limits.h"
#include "store/postgres/row.h"

static int32_t row_count(struct fields *fields, int field, int32_t min) {
    return (int32_t)field_integer(fields, field, min, COUNT_MAX);
}

/* A limit of R15: NULL is none. */
static int32_t row_limit(struct fields *fields, int field) {
    return field_is_null(fields, field) ? 0 : row_count(fields, field, 1);
}

struct currency row_currency(struct fields *fields, int field) {
    struct currency currency = {"XXX"}; /* ISO 4217's "no currency" */
    struct text word = field_word(fields, field);
    if (word.length != 3 || !text_is_utf8(word)) {
        fields_blame(fields, "a currency is not three letters");
    } else {
        memcpy(currency.code, word.bytes, 3);
    }
    return currency;
}

/* One that cannot be told holds no tickets: whoever meets the fault must not count on it. */
static enum reservation_status row_status(struct fields *fields, int field) {
    enum reservation_status status = RESERVATION_RELEASED;
    if (!reservation_status_parse(field_word(fields, field), &status)) {
        fields_blame(fields, "a status is not one of the four");
    }
    return status;
}

static enum channel row_channel(struct fields *fields, int field) {
    enum channel channel = CHANNEL_NONE;
    struct text word = field_word(fields, field);
    if (!text_is_absent(word) && !channel_parse(word, &channel)) {
        fields_blame(fields, "a channel is unknown");
    }
    return channel;
}

static enum disposition row_disposition(struct fields *fields, int field) {
    enum disposition disposition = DISPOSITION_NONE;
    struct text word = field_word(fields, field);
    if (!text_is_absent(word) && !disposition_parse(word, &disposition)) {
        fields_blame(fields, "a disposition is unknown");
    }
    return disposition;
}

static enum action row_action(struct fields *fields, int field) {
    enum action action = ACTION_INCREASE;
    if (!action_parse(field_word(fields, field), &action)) {
        fields_blame(fields, "an action is unknown");
    }
    return action;
}

static struct actor row_actor(struct fields *fields, int kind, int id) {
    struct actor actor = ACTOR_NONE;
    if (!actor_kind_parse(field_word(fields, kind), &actor.kind)) {
        fields_blame(fields, "a kind of actor is unknown");
    }
    actor.id = field_uuid_or_none(fields, id);
    return actor;
}

struct venue row_venue(struct fields *f, int at) {
    return (struct venue){
        .id = field_uuid(f, at + 0),
        .name = field_text(f, at + 1),
        .address = field_text_or_none(f, at + 2),
        .time_zone = field_text_or_none(f, at + 3),
        .created_at = field_instant(f, at + 4),
        .updated_at = field_instant(f, at + 5),
        .archived_at = field_instant_or_none(f, at + 6),
        .version = field_integer(f, at + 7, 1, INT64_MAX),
    };
}

struct event row_event(struct fields *f, int at) {
    return (struct event){
        .id = field_uuid(f, at + 0),
        .name = field_text(f, at + 1),
        .description = field_text_or_none(f, at + 2),
        .venue_id = field_uuid_or_none(f, at + 3),
        .start_date = field_instant(f, at + 4),
        .end_date = field_instant_or_none(f, at + 5),
        .created_at = field_instant(f, at + 6),
        .updated_at = field_instant(f, at + 7),
        .published = field_bool(f, at + 8),
        .featured = field_bool(f, at + 9),
        .image_url = field_text_or_none(f, at + 10),
        .currency = row_currency(f, at + 11),
        .time_zone = field_text(f, at + 12),
        .archived_at = field_instant_or_none(f, at + 13),
        .version = field_integer(f, at + 14, 1, INT64_MAX),
    };
}

struct ticket_type row_type(struct fields *f, int at) {
    struct ticket_type type = {
        .id = field_uuid(f, at + 0),
        .event_id = field_uuid(f, at + 1),
        .name = field_text(f, at + 2),
        .description = field_text_or_none(f, at + 3),
        .price = field_integer(f, at + 4, 0, PRICE_MAX),
        .initial = row_count(f, at + 5, 0),
        .counts.total = row_count(f, at + 6, 0),
        .counts.sold = row_count(f, at + 7, 0),
        .counts.reserved = row_count(f, at + 8, 0),
        .created_at = field_instant(f, at + 9),
        .updated_at = field_instant(f, at + 10),
        .sales_start = field_instant_or_none(f, at + 11),
        .sales_end = field_instant_or_none(f, at + 12),
        .max_per_order = row_limit(f, at + 13),
        .max_per_customer = row_limit(f, at + 14),
        .settings_version = field_integer(f, at + 15, 1, INT64_MAX),
        .audit_seq = field_integer(f, at + 16, 0, INT64_MAX),
        .last_entry_at = field_instant_or_none(f, at + 18),
        .adopted_sold = row_count(f, at + 19, -COUNT_MAX),
        .archived_at = field_instant_or_none(f, at + 20),
    };
    field_bytes(f, at + 17, type.audit_hash.bytes, CHAIN_HASH_SIZE);
    return type;
}

struct reservation row_reservation(struct fields *f, int at) {
    struct reservation reservation = {
        .id = field_uuid(f, at + 0),
        .ticket_type_id = field_uuid(f, at + 1),
        .quantity = row_count(f, at + 2, 1),
        .user_id = field_uuid_or_none(f, at + 3),
        .expires_at = field_instant_or_none(f, at + 4),
        .status = row_status(f, at + 5),
        .order_id = field_text_or_none(f, at + 6),
        .created_at = field_instant(f, at + 7),
        .updated_at = field_instant(f, at + 8),
        .event_id = field_uuid(f, at + 9),
        .cart_id = field_uuid_or_none(f, at + 10),
        .unit_price = field_integer(f, at + 11, 0, PRICE_MAX),
        .currency = row_currency(f, at + 12),
        .channel = row_channel(f, at + 13),
        .tender = field_text_or_none(f, at + 14),
        .sold_by = field_uuid_or_none(f, at + 15),
        .shift_id = field_uuid_or_none(f, at + 16),
        .refunded_quantity = row_count(f, at + 17, 0),
        .completed_at = field_instant_or_none(f, at + 18),
    };
    if (reservation.refunded_quantity > reservation.quantity) {
        fields_blame(f, "more is refunded than was sold");
        reservation.refunded_quantity = reservation.quantity;
    }
    return reservation;
}

struct cart row_cart(struct fields *f, int at) {
    return (struct cart){
        .id = field_uuid(f, at + 0),
        .event_id = field_uuid(f, at + 1),
        .user_id = field_uuid_or_none(f, at + 2),
        .status = row_status(f, at + 3),
        .expires_at = field_instant_or_none(f, at + 4),
        .order_id = field_text_or_none(f, at + 5),
        .currency = row_currency(f, at + 6),
        .channel = row_channel(f, at + 7),
        .tender = field_text_or_none(f, at + 8),
        .sold_by = field_uuid_or_none(f, at + 9),
        .shift_id = field_uuid_or_none(f, at + 10),
        .created_at = field_instant(f, at + 11),
        .updated_at = field_instant(f, at + 12),
        .completed_at = field_instant_or_none(f, at + 13),
    };
}

struct audit_entry row_entry(struct fields *f, int at) {
    struct audit_entry entry = {
        .id = field_uuid(f, at + 0),
        .ticket_type_id = field_uuid(f, at + 1),
        .user_id = field_uuid_or_none(f, at + 2),
        .action = row_action(f, at + 3),
        .quantity = row_count(f, at + 4, 1),
        .previous.total = row_count(f, at + 5, 0),
        .now.total = row_count(f, at + 6, 0),
        .previous.sold = row_count(f, at + 7, 0),
        .now.sold = row_count(f, at + 8, 0),
        .previous.reserved = row_count(f, at + 9, 0),
        .now.reserved = row_count(f, at + 10, 0),
        .reason = field_text_or_none(f, at + 11),
        .created_at = field_instant(f, at + 12),
        .event_id = field_uuid(f, at + 13),
        .seq = field_integer(f, at + 14, 1, INT64_MAX),
        .effective_at = field_instant_or_none(f, at + 16),
        .actor = row_actor(f, at + 17, at + 18),
        .reservation_id = field_uuid_or_none(f, at + 19),
        .order_id = field_text_or_none(f, at + 20),
        .disposition = row_disposition(f, at + 21),
        .channel = row_channel(f, at + 22),
        .tender = field_text_or_none(f, at + 23),
        .shift_id = field_uuid_or_none(f, at + 24),
    };
    field_bytes(f, at + 15, entry.chain_hash.bytes, CHAIN_HASH_SIZE);
    return entry;
}

struct api_key row_api_key(struct fields *f, int at) {
    struct api_key key = {
        .id = field_uuid(f, at + 0),
        .name = field_text(f, at + 1),
        .created_at = field_instant(f, at + 5),
        .expires_at = field_instant_or_none(f, at + 6),
        .last_used_at = field_instant_or_none(f, at + 7),
        .revoked_at = field_instant_or_none(f, at + 8),
    };
    if (!role_parse(field_word(f, at + 2), &key.role)) {
        fields_blame(f, "a role is unknown");
    }
    field_bytes(f, at + 4, key.secret_hash, KEY_HASH_SIZE);
    key.events = field_uuids(f, at + 3, &key.events_count);
    return key;
}
