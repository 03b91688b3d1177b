#include <string.h>

#include "domain/limits.h"
#include "store/sqlite/row.h"

static int32_t column_count(struct columns *columns, int column, int32_t min) {
    return (int32_t)column_integer(columns, column, min, COUNT_MAX);
}

/* A limit of R15: NULL is none. */
static int32_t column_limit(struct columns *columns, int column) {
    bool none = sqlite3_column_type(columns->statement, column) == SQLITE_NULL;
    return none ? 0 : column_count(columns, column, 1);
}

/* Text that is only looked at, not kept. */
static struct text column_word(struct columns *columns, int column) {
    return (struct text){(const char *)sqlite3_column_text(columns->statement, column),
                         (size_t)sqlite3_column_bytes(columns->statement, column)};
}

struct currency column_currency(struct columns *columns, int column) {
    struct currency currency = {"XXX"}; /* ISO 4217's "no currency" */
    struct text word = column_word(columns, column);
    if (word.length != 3 || !text_is_utf8(word)) {
        columns_blame(columns, "a currency is not three letters");
    } else {
        memcpy(currency.code, word.bytes, 3);
    }
    return currency;
}

/* One that cannot be told holds no tickets: whoever meets the fault must not count on it. */
static enum reservation_status column_status(struct columns *columns, int column) {
    enum reservation_status status = RESERVATION_RELEASED;
    if (!reservation_status_parse(column_word(columns, column), &status)) {
        columns_blame(columns, "a status is not one of the four");
    }
    return status;
}

static enum channel column_channel(struct columns *columns, int column) {
    enum channel channel = CHANNEL_NONE;
    struct text word = column_word(columns, column);
    if (!text_is_absent(word) && !channel_parse(word, &channel)) {
        columns_blame(columns, "a channel is unknown");
    }
    return channel;
}

static enum disposition column_disposition(struct columns *columns, int column) {
    enum disposition disposition = DISPOSITION_NONE;
    struct text word = column_word(columns, column);
    if (!text_is_absent(word) && !disposition_parse(word, &disposition)) {
        columns_blame(columns, "a disposition is unknown");
    }
    return disposition;
}

static enum action column_action(struct columns *columns, int column) {
    enum action action = ACTION_INCREASE;
    if (!action_parse(column_word(columns, column), &action)) {
        columns_blame(columns, "an action is unknown");
    }
    return action;
}

static struct actor column_actor(struct columns *columns, int kind, int id) {
    struct actor actor = ACTOR_NONE;
    if (!actor_kind_parse(column_word(columns, kind), &actor.kind)) {
        columns_blame(columns, "a kind of actor is unknown");
    }
    actor.id = column_uuid_or_none(columns, id);
    return actor;
}

struct venue read_venue(struct columns *c) {
    return (struct venue){
        .id = column_uuid(c, 0),
        .name = column_text(c, 1),
        .address = column_text_or_none(c, 2),
        .time_zone = column_text_or_none(c, 3),
        .created_at = column_instant(c, 4),
        .updated_at = column_instant(c, 5),
        .archived_at = column_instant_or_none(c, 6),
        .version = column_integer(c, 7, 1, INT64_MAX),
    };
}

struct event read_event(struct columns *c) {
    return (struct event){
        .id = column_uuid(c, 0),
        .name = column_text(c, 1),
        .description = column_text_or_none(c, 2),
        .venue_id = column_uuid_or_none(c, 3),
        .start_date = column_instant(c, 4),
        .end_date = column_instant_or_none(c, 5),
        .created_at = column_instant(c, 6),
        .updated_at = column_instant(c, 7),
        .published = column_integer(c, 8, 0, 1) == 1,
        .featured = column_integer(c, 9, 0, 1) == 1,
        .image_url = column_text_or_none(c, 10),
        .currency = column_currency(c, 11),
        .time_zone = column_text(c, 12),
        .archived_at = column_instant_or_none(c, 13),
        .version = column_integer(c, 14, 1, INT64_MAX),
    };
}

struct ticket_type read_type(struct columns *c) {
    struct ticket_type type = {
        .id = column_uuid(c, 0),
        .event_id = column_uuid(c, 1),
        .name = column_text(c, 2),
        .description = column_text_or_none(c, 3),
        .price = column_integer(c, 4, 0, PRICE_MAX),
        .initial = column_count(c, 5, 0),
        .counts.total = column_count(c, 6, 0),
        .counts.sold = column_count(c, 7, 0),
        .counts.reserved = column_count(c, 8, 0),
        .created_at = column_instant(c, 9),
        .updated_at = column_instant(c, 10),
        .sales_start = column_instant_or_none(c, 11),
        .sales_end = column_instant_or_none(c, 12),
        .max_per_order = column_limit(c, 13),
        .max_per_customer = column_limit(c, 14),
        .settings_version = column_integer(c, 15, 1, INT64_MAX),
        .audit_seq = column_integer(c, 16, 0, INT64_MAX),
        .last_entry_at = column_instant_or_none(c, 18),
        .adopted_sold = column_count(c, 19, 0),
        .archived_at = column_instant_or_none(c, 20),
    };
    column_bytes(c, 17, type.audit_hash.bytes, CHAIN_HASH_SIZE);
    return type;
}

struct reservation read_reservation(struct columns *c) {
    struct reservation reservation = {
        .id = column_uuid(c, 0),
        .ticket_type_id = column_uuid(c, 1),
        .quantity = column_count(c, 2, 1),
        .user_id = column_uuid_or_none(c, 3),
        .expires_at = column_instant_or_none(c, 4),
        .status = column_status(c, 5),
        .order_id = column_text_or_none(c, 6),
        .created_at = column_instant(c, 7),
        .updated_at = column_instant(c, 8),
        .event_id = column_uuid(c, 9),
        .cart_id = column_uuid_or_none(c, 10),
        .unit_price = column_integer(c, 11, 0, PRICE_MAX),
        .currency = column_currency(c, 12),
        .channel = column_channel(c, 13),
        .tender = column_text_or_none(c, 14),
        .sold_by = column_uuid_or_none(c, 15),
        .shift_id = column_uuid_or_none(c, 16),
        .refunded_quantity = column_count(c, 17, 0),
        .completed_at = column_instant_or_none(c, 18),
    };
    if (reservation.refunded_quantity > reservation.quantity) {
        columns_blame(c, "more is refunded than was sold");
        reservation.refunded_quantity = reservation.quantity;
    }
    return reservation;
}

struct cart read_cart(struct columns *c) {
    return (struct cart){
        .id = column_uuid(c, 0),
        .event_id = column_uuid(c, 1),
        .user_id = column_uuid_or_none(c, 2),
        .status = column_status(c, 3),
        .expires_at = column_instant_or_none(c, 4),
        .order_id = column_text_or_none(c, 5),
        .currency = column_currency(c, 6),
        .channel = column_channel(c, 7),
        .tender = column_text_or_none(c, 8),
        .sold_by = column_uuid_or_none(c, 9),
        .shift_id = column_uuid_or_none(c, 10),
        .created_at = column_instant(c, 11),
        .updated_at = column_instant(c, 12),
        .completed_at = column_instant_or_none(c, 13),
    };
}

struct audit_entry read_entry(struct columns *c) {
    struct audit_entry entry = {
        .id = column_uuid(c, 0),
        .ticket_type_id = column_uuid(c, 1),
        .user_id = column_uuid_or_none(c, 2),
        .action = column_action(c, 3),
        .quantity = column_count(c, 4, 1),
        .previous.total = column_count(c, 5, 0),
        .now.total = column_count(c, 6, 0),
        .previous.sold = column_count(c, 7, 0),
        .now.sold = column_count(c, 8, 0),
        .previous.reserved = column_count(c, 9, 0),
        .now.reserved = column_count(c, 10, 0),
        .reason = column_text_or_none(c, 11),
        .created_at = column_instant(c, 12),
        .event_id = column_uuid(c, 13),
        .seq = column_integer(c, 14, 1, INT64_MAX),
        .effective_at = column_instant_or_none(c, 16),
        .actor = column_actor(c, 17, 18),
        .reservation_id = column_uuid_or_none(c, 19),
        .order_id = column_text_or_none(c, 20),
        .disposition = column_disposition(c, 21),
        .channel = column_channel(c, 22),
        .tender = column_text_or_none(c, 23),
        .shift_id = column_uuid_or_none(c, 24),
    };
    column_bytes(c, 15, entry.chain_hash.bytes, CHAIN_HASH_SIZE);
    return entry;
}

struct api_key read_api_key(struct columns *c) {
    struct api_key key = {
        .id = column_uuid(c, 0),
        .name = column_text(c, 1),
        .created_at = column_instant(c, 5),
        .expires_at = column_instant_or_none(c, 6),
        .last_used_at = column_instant_or_none(c, 7),
        .revoked_at = column_instant_or_none(c, 8),
    };
    if (!role_parse(column_word(c, 2), &key.role)) {
        columns_blame(c, "a role is unknown");
    }
    column_bytes(c, 4, key.secret_hash, KEY_HASH_SIZE);
    struct text events = column_blob(c, 3);
    if (events.length % sizeof *key.events != 0) {
        columns_blame(c, "a key's events are not whole ids");
    } else if (events.length > 0) {
        key.events = (const struct uuid *)(const void *)events.bytes;
        key.events_count = events.length / sizeof *key.events;
    }
    return key;
}

struct shift read_shift(struct columns *c) {
    struct shift shift = {
        .id = column_uuid(c, 0),
        .operator.kind = ACTOR_KEY,
        .operator.id = column_uuid(c, 1),
        .terminal = column_text(c, 2),
        .currency = column_currency(c, 3),
        .opening_cash = column_integer(c, 4, 0, SHIFT_MONEY_MAX),
        .note = column_text_or_none(c, 7),
        .opened_at = column_instant(c, 8),
        .closed_at = column_instant_or_none(c, 9),
    };
    if (!instant_is_none(shift.closed_at)) {
        shift.counted_cash = column_integer(c, 5, 0, SHIFT_MONEY_MAX);
        shift.expected_cash = column_integer(c, 6, -SHIFT_MONEY_MAX, AMOUNT_MAX);
    }
    if (!actor_kind_parse(column_word(c, 10), &shift.operator.kind)) {
        columns_blame(c, "a kind of actor is unknown");
    }
    return shift;
}

struct shift_total read_shift_total(struct columns *c, int at) {
    struct shift_total total = {
        .tender = column_text(c, at + 1),
        .sales = column_integer(c, at + 2, 0, SHIFT_MONEY_MAX),
        .tickets_sold = column_integer(c, at + 3, 0, SHIFT_MONEY_MAX),
        .tickets_refunded = column_integer(c, at + 4, 0, SHIFT_MONEY_MAX),
        .gross = column_integer(c, at + 5, 0, SHIFT_MONEY_MAX),
        .refunds = column_integer(c, at + 6, 0, SHIFT_MONEY_MAX),
    };
    total.tender = total.tender.length == 0 ? TEXT_NONE : total.tender;
    return total;
}
