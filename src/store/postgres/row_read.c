#include <string.h>

#include "domain/limits.h"
#include "store/postgres/row.h"

static int32_t row_count(struct cells *cells, int column, int32_t min) {
    return (int32_t)cell_integer(cells, column, min, COUNT_MAX);
}

/* A limit of R15: NULL is none. */
static int32_t row_limit(struct cells *cells, int column) {
    return cell_is_null(cells, column) ? 0 : row_count(cells, column, 1);
}

struct currency cells_currency(struct cells *cells, int column) {
    struct currency currency = {"XXX"}; /* ISO 4217's "no currency" */
    struct text word = cell_word(cells, column);
    if (word.length != 3 || !text_is_utf8(word)) {
        cells_blame(cells, "a currency is not three letters");
    } else {
        memcpy(currency.code, word.bytes, 3);
    }
    return currency;
}

/* One that cannot be told holds no tickets: whoever meets the fault must not count on it. */
static enum reservation_status row_status(struct cells *cells, int column) {
    enum reservation_status status = RESERVATION_RELEASED;
    if (!reservation_status_parse(cell_word(cells, column), &status)) {
        cells_blame(cells, "a status is not one of the four");
    }
    return status;
}

static enum channel row_channel(struct cells *cells, int column) {
    enum channel channel = CHANNEL_NONE;
    struct text word = cell_word(cells, column);
    if (!text_is_absent(word) && !channel_parse(word, &channel)) {
        cells_blame(cells, "a channel is unknown");
    }
    return channel;
}

static enum disposition row_disposition(struct cells *cells, int column) {
    enum disposition disposition = DISPOSITION_NONE;
    struct text word = cell_word(cells, column);
    if (!text_is_absent(word) && !disposition_parse(word, &disposition)) {
        cells_blame(cells, "a disposition is unknown");
    }
    return disposition;
}

static enum action row_action(struct cells *cells, int column) {
    enum action action = ACTION_INCREASE;
    if (!action_parse(cell_word(cells, column), &action)) {
        cells_blame(cells, "an action is unknown");
    }
    return action;
}

static struct actor row_actor(struct cells *cells, int kind, int id) {
    struct actor actor = ACTOR_NONE;
    if (!actor_kind_parse(cell_word(cells, kind), &actor.kind)) {
        cells_blame(cells, "a kind of actor is unknown");
    }
    actor.id = cell_uuid_or_none(cells, id);
    return actor;
}

struct venue cells_venue(struct cells *f, int at) {
    return (struct venue){
        .id = cell_uuid(f, at + 0),
        .name = cell_text(f, at + 1),
        .address = cell_text_or_none(f, at + 2),
        .time_zone = cell_text_or_none(f, at + 3),
        .created_at = cell_instant(f, at + 4),
        .updated_at = cell_instant(f, at + 5),
        .archived_at = cell_instant_or_none(f, at + 6),
        .version = cell_integer(f, at + 7, 1, INT64_MAX),
    };
}

struct event cells_event(struct cells *f, int at) {
    return (struct event){
        .id = cell_uuid(f, at + 0),
        .name = cell_text(f, at + 1),
        .description = cell_text_or_none(f, at + 2),
        .venue_id = cell_uuid_or_none(f, at + 3),
        .start_date = cell_instant(f, at + 4),
        .end_date = cell_instant_or_none(f, at + 5),
        .created_at = cell_instant(f, at + 6),
        .updated_at = cell_instant(f, at + 7),
        .published = cell_bool(f, at + 8),
        .featured = cell_bool(f, at + 9),
        .image_url = cell_text_or_none(f, at + 10),
        .currency = cells_currency(f, at + 11),
        .time_zone = cell_text(f, at + 12),
        .archived_at = cell_instant_or_none(f, at + 13),
        .version = cell_integer(f, at + 14, 1, INT64_MAX),
    };
}

struct ticket_type cells_type(struct cells *f, int at) {
    struct ticket_type type = {
        .id = cell_uuid(f, at + 0),
        .event_id = cell_uuid(f, at + 1),
        .name = cell_text(f, at + 2),
        .description = cell_text_or_none(f, at + 3),
        .price = cell_integer(f, at + 4, 0, PRICE_MAX),
        .initial = row_count(f, at + 5, 0),
        .counts.total = row_count(f, at + 6, 0),
        .counts.sold = row_count(f, at + 7, 0),
        .counts.reserved = row_count(f, at + 8, 0),
        .created_at = cell_instant(f, at + 9),
        .updated_at = cell_instant(f, at + 10),
        .sales_start = cell_instant_or_none(f, at + 11),
        .sales_end = cell_instant_or_none(f, at + 12),
        .max_per_order = row_limit(f, at + 13),
        .max_per_customer = row_limit(f, at + 14),
        .settings_version = cell_integer(f, at + 15, 1, INT64_MAX),
        .audit_seq = cell_integer(f, at + 16, 0, INT64_MAX),
        .last_entry_at = cell_instant_or_none(f, at + 18),
        .adopted_sold = row_count(f, at + 19, -COUNT_MAX),
        .archived_at = cell_instant_or_none(f, at + 20),
    };
    cell_bytes(f, at + 17, type.audit_hash.bytes, CHAIN_HASH_SIZE);
    return type;
}

struct reservation cells_reservation(struct cells *f, int at) {
    struct reservation reservation = {
        .id = cell_uuid(f, at + 0),
        .ticket_type_id = cell_uuid(f, at + 1),
        .quantity = row_count(f, at + 2, 1),
        .user_id = cell_uuid_or_none(f, at + 3),
        .expires_at = cell_instant_or_none(f, at + 4),
        .status = row_status(f, at + 5),
        .order_id = cell_text_or_none(f, at + 6),
        .created_at = cell_instant(f, at + 7),
        .updated_at = cell_instant(f, at + 8),
        .event_id = cell_uuid(f, at + 9),
        .cart_id = cell_uuid_or_none(f, at + 10),
        .unit_price = cell_integer(f, at + 11, 0, PRICE_MAX),
        .currency = cells_currency(f, at + 12),
        .channel = row_channel(f, at + 13),
        .tender = cell_text_or_none(f, at + 14),
        .sold_by = cell_uuid_or_none(f, at + 15),
        .shift_id = cell_uuid_or_none(f, at + 16),
        .refunded_quantity = row_count(f, at + 17, 0),
        .completed_at = cell_instant_or_none(f, at + 18),
    };
    if (reservation.refunded_quantity > reservation.quantity) {
        cells_blame(f, "more is refunded than was sold");
        reservation.refunded_quantity = reservation.quantity;
    }
    return reservation;
}

struct cart cells_cart(struct cells *f, int at) {
    return (struct cart){
        .id = cell_uuid(f, at + 0),
        .event_id = cell_uuid(f, at + 1),
        .user_id = cell_uuid_or_none(f, at + 2),
        .status = row_status(f, at + 3),
        .expires_at = cell_instant_or_none(f, at + 4),
        .order_id = cell_text_or_none(f, at + 5),
        .currency = cells_currency(f, at + 6),
        .channel = row_channel(f, at + 7),
        .tender = cell_text_or_none(f, at + 8),
        .sold_by = cell_uuid_or_none(f, at + 9),
        .shift_id = cell_uuid_or_none(f, at + 10),
        .created_at = cell_instant(f, at + 11),
        .updated_at = cell_instant(f, at + 12),
        .completed_at = cell_instant_or_none(f, at + 13),
    };
}

struct audit_entry cells_entry(struct cells *f, int at) {
    struct audit_entry entry = {
        .id = cell_uuid(f, at + 0),
        .ticket_type_id = cell_uuid(f, at + 1),
        .user_id = cell_uuid_or_none(f, at + 2),
        .action = row_action(f, at + 3),
        .quantity = row_count(f, at + 4, 1),
        .previous.total = row_count(f, at + 5, 0),
        .now.total = row_count(f, at + 6, 0),
        .previous.sold = row_count(f, at + 7, 0),
        .now.sold = row_count(f, at + 8, 0),
        .previous.reserved = row_count(f, at + 9, 0),
        .now.reserved = row_count(f, at + 10, 0),
        .reason = cell_text_or_none(f, at + 11),
        .created_at = cell_instant(f, at + 12),
        .event_id = cell_uuid(f, at + 13),
        .seq = cell_integer(f, at + 14, 1, INT64_MAX),
        .effective_at = cell_instant_or_none(f, at + 16),
        .actor = row_actor(f, at + 17, at + 18),
        .reservation_id = cell_uuid_or_none(f, at + 19),
        .order_id = cell_text_or_none(f, at + 20),
        .disposition = row_disposition(f, at + 21),
        .channel = row_channel(f, at + 22),
        .tender = cell_text_or_none(f, at + 23),
        .shift_id = cell_uuid_or_none(f, at + 24),
    };
    cell_bytes(f, at + 15, entry.chain_hash.bytes, CHAIN_HASH_SIZE);
    return entry;
}

struct api_key cells_api_key(struct cells *f, int at) {
    struct api_key key = {
        .id = cell_uuid(f, at + 0),
        .name = cell_text(f, at + 1),
        .created_at = cell_instant(f, at + 5),
        .expires_at = cell_instant_or_none(f, at + 6),
        .last_used_at = cell_instant_or_none(f, at + 7),
        .revoked_at = cell_instant_or_none(f, at + 8),
    };
    if (!role_parse(cell_word(f, at + 2), &key.role)) {
        cells_blame(f, "a role is unknown");
    }
    cell_bytes(f, at + 4, key.secret_hash, KEY_HASH_SIZE);
    key.events = cell_uuids(f, at + 3, &key.events_count);
    return key;
}

struct shift cells_shift(struct cells *f, int at) {
    struct shift shift = {
        .id = cell_uuid(f, at + 0),
        .operator= row_actor(f, at + 10, at + 1),
        .terminal = cell_text(f, at + 2),
        .currency = cells_currency(f, at + 3),
        .opening_cash = cell_integer(f, at + 4, 0, SHIFT_MONEY_MAX),
        .note = cell_text_or_none(f, at + 7),
        .opened_at = cell_instant(f, at + 8),
        .closed_at = cell_instant_or_none(f, at + 9),
    };
    if (!instant_is_none(shift.closed_at)) {
        shift.counted_cash = cell_integer(f, at + 5, 0, SHIFT_MONEY_MAX);
        shift.expected_cash = cell_integer(f, at + 6, -SHIFT_MONEY_MAX, AMOUNT_MAX);
    }
    return shift;
}

struct shift_total cells_shift_total(struct cells *f, int at) {
    struct shift_total total = {
        .tender = cell_text(f, at + 1),
        .sales = cell_integer(f, at + 2, 0, SHIFT_MONEY_MAX),
        .tickets_sold = cell_integer(f, at + 3, 0, SHIFT_MONEY_MAX),
        .tickets_refunded = cell_integer(f, at + 4, 0, SHIFT_MONEY_MAX),
        .gross = cell_integer(f, at + 5, 0, SHIFT_MONEY_MAX),
        .refunds = cell_integer(f, at + 6, 0, SHIFT_MONEY_MAX),
    };
    total.tender = total.tender.length == 0 ? TEXT_NONE : total.tender;
    return total;
}
