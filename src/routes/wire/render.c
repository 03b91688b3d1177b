#include "routes/wire/render.h"

#include <sodium.h>

#include "base/check.h"
#include "routes/wire/rows.h"

void render_venue(struct json_writer *json, const struct venue *venue) {
    json_object_begin(json);
    row_venue(&(struct fields){.json = json}, venue);
    json_object_end(json);
}

void render_event(struct json_writer *json, const struct event *event) {
    json_object_begin(json);
    row_event(&(struct fields){.json = json}, event);
    json_object_end(json);
}

void render_type(struct json_writer *json, const struct ticket_type *type, struct currency currency,
                 bool all_counts) {
    json_object_begin(json);
    row_type(&(struct fields){.json = json}, type, currency, all_counts);
    json_object_end(json);
}

void render_reservation(struct json_writer *json, const struct reservation *reservation,
                        struct instant now) {
    json_object_begin(json);
    row_reservation(&(struct fields){.json = json}, reservation, now);
    json_object_end(json);
}

void render_counts(struct json_writer *json, int64_t initial, struct counts counts) {
    row_counts(&(struct fields){.json = json}, initial, counts);
}

void render_cart(struct json_writer *json, const struct cart *cart, const struct reservation *lines,
                 size_t lines_count, struct instant now) {
    int64_t amount = 0;
    for (size_t i = 0; i < lines_count; i++) { /* below AMOUNT_MAX: decide saw to it */
        amount += lines[i].quantity * lines[i].unit_price;
    }
    struct fields fields = {.json = json};
    json_object_begin(json);
    field_uuid(&fields, "id", cart->id);
    field_uuid(&fields, "event_id", cart->event_id);
    field_text(&fields, "status",
               reservation_status_name(status_at(cart->status, cart->expires_at, now)));
    field_instant(&fields, "expires_at", cart->expires_at);
    field_integer(&fields, "remaining_seconds",
                  remaining_seconds_at(cart->status, cart->expires_at, now));
    field_text(&fields, "order_id", cart->order_id);
    field_integer(&fields, "amount", amount);
    field_currency(&fields, "currency", cart->currency);
    json_name(json, "lines");
    json_array_begin(json);
    for (size_t i = 0; i < lines_count; i++) {
        render_reservation(json, &lines[i], now);
    }
    json_array_end(json);
    json_object_end(json);
}

void render_shift(struct json_writer *json, const struct shift_reading *shift,
                  const struct names *names) {
    json_object_begin(json);
    row_shift(&(struct fields){.json = json}, shift,
              names_actor(names, shift->row.operator, json->arena));
    json_object_end(json);
}

/* --- outcomes ------------------------------------------------------------------------ */

static void render_key(struct json_writer *json, const struct api_key *key, const char *secret) {
    json_object_begin(json);
    row_api_key(&(struct fields){.json = json}, key);
    if (secret != NULL) {
        json_member_text(json, "key", text_of(secret));
    }
    json_object_end(json);
}

void render_staff(struct json_writer *json, const struct staff *staff, const char *password) {
    json_object_begin(json);
    row_staff(&(struct fields){.json = json}, staff);
    if (password != NULL) {
        json_member_text(json, "password", text_of(password));
    }
    json_object_end(json);
}

static void render_adjusted(struct json_writer *json, const struct outcome *outcome) {
    require(outcome->entries_count == 1);
    json_object_begin(json);
    json_member_uuid(json, "ticket_type_id", outcome->type->id);
    render_counts(json, outcome->type->initial, outcome->type->counts);
    json_member_uuid(json, "entry_id", outcome->entries[0].id);
    json_member_integer(json, "seq", outcome->entries[0].seq);
    json_object_end(json);
}

static const struct reservation *line_of(const struct outcome *outcome, struct uuid id) {
    for (size_t i = 0; i < outcome->lines_count; i++) {
        if (uuid_equals(outcome->lines[i].id, id)) {
            return &outcome->lines[i];
        }
    }
    check_failed("require", "a refund is of a line of the outcome", __FILE__, __LINE__, __func__);
}

static int64_t refund_amount(const struct outcome *outcome, const struct audit_entry *entry) {
    return entry->quantity * line_of(outcome, entry->reservation_id)->unit_price;
}

static void render_refund(struct json_writer *json, const struct outcome *outcome,
                          const struct audit_entry *entry) {
    struct fields fields = {.json = json};
    json_object_begin(json);
    field_uuid(&fields, "id", entry->id);
    field_integer(&fields, "seq", entry->seq);
    field_uuid(&fields, "reservation_id", entry->reservation_id);
    field_uuid(&fields, "ticket_type_id", entry->ticket_type_id);
    field_integer(&fields, "quantity", entry->quantity);
    field_integer(&fields, "amount", refund_amount(outcome, entry));
    field_currency(&fields, "currency", outcome->lines[0].currency);
    field_text(&fields, "disposition", disposition_name(entry->disposition));
    field_text(&fields, "tender", entry->tender);
    field_text(&fields, "reason", entry->reason);
    field_instant(&fields, "created_at", entry->created_at);
    json_object_end(json);
}

static void render_lines(struct json_writer *json, const struct outcome *outcome) {
    require(outcome->lines_count >= 1);
    if (outcome->cart != NULL) {
        render_cart(json, outcome->cart, outcome->lines, outcome->lines_count, outcome->decided_at);
    } else {
        render_reservation(json, outcome->lines, outcome->decided_at);
    }
}

static void render_refunds(struct json_writer *json, const struct outcome *outcome) {
    int64_t amount = 0;
    json_object_begin(json);
    json_name(json, "refunds");
    json_array_begin(json);
    for (size_t i = 0; i < outcome->entries_count; i++) {
        amount += refund_amount(outcome, &outcome->entries[i]);
        render_refund(json, outcome, &outcome->entries[i]);
    }
    json_array_end(json);
    json_member_integer(json, "amount", amount);
    field_currency(&(struct fields){.json = json}, "currency", outcome->lines[0].currency);
    json_name(json, outcome->cart != NULL ? "cart" : "reservation");
    render_lines(json, outcome);
    json_object_end(json);
}

void render_outcome(struct json_writer *json, const struct outcome *outcome, const char *secret,
                    const struct names *names) {
    switch (outcome->kind) {
    case COMMAND_RESERVE:
    case COMMAND_COMPLETE:
    case COMMAND_RELEASE:
    case COMMAND_EXTEND:
    case COMMAND_CART_CREATE:
    case COMMAND_CART_REPLACE:
    case COMMAND_SELL:
        render_lines(json, outcome);
        return;
    case COMMAND_REFUND:
        render_refunds(json, outcome);
        return;
    case COMMAND_ADJUST:
        render_adjusted(json, outcome);
        return;
    case COMMAND_VENUE_CREATE:
    case COMMAND_VENUE_CHANGE:
    case COMMAND_VENUE_ARCHIVE:
        render_venue(json, outcome->venue);
        return;
    case COMMAND_EVENT_CREATE:
    case COMMAND_EVENT_CHANGE:
    case COMMAND_EVENT_ARCHIVE:
        render_event(json, outcome->event);
        return;
    case COMMAND_TYPE_CREATE:
    case COMMAND_TYPE_CHANGE:
    case COMMAND_TYPE_ARCHIVE:
        render_type(json, outcome->type, outcome->event->currency, true);
        return;
    case COMMAND_KEY_CREATE:
    case COMMAND_KEY_REVOKE:
    case COMMAND_KEY_TOUCH:
        render_key(json, outcome->api_key, secret);
        return;
    case COMMAND_STAFF_CREATE:
    case COMMAND_STAFF_CHANGE:
    case COMMAND_STAFF_DISABLE:
    case COMMAND_STAFF_PASSWORD:
    case COMMAND_SESSION_BEGIN:
    case COMMAND_SESSION_END:
    case COMMAND_SESSION_TOUCH:
        render_staff(json, outcome->staff, secret);
        return;
    case COMMAND_SHIFT_OPEN:
    case COMMAND_SHIFT_CLOSE:
        render_shift(json, outcome->shift, names);
        return;
    case COMMAND_SWEEP:
    case COMMAND_PRUNE:
        json_object_begin(json);
        json_member_integer(json, "released", outcome->released);
        json_object_end(json);
        return;
    }
}

int outcome_status(const struct outcome *outcome) {
    switch (outcome->kind) {
    case COMMAND_RESERVE:
    case COMMAND_REFUND:
    case COMMAND_CART_CREATE:
    case COMMAND_SELL:
    case COMMAND_VENUE_CREATE:
    case COMMAND_EVENT_CREATE:
    case COMMAND_TYPE_CREATE:
    case COMMAND_KEY_CREATE:
    case COMMAND_STAFF_CREATE:
    case COMMAND_SHIFT_OPEN:
        return 201;
    case COMMAND_COMPLETE:
    case COMMAND_RELEASE:
    case COMMAND_EXTEND:
    case COMMAND_CART_REPLACE:
    case COMMAND_ADJUST:
    case COMMAND_SWEEP:
    case COMMAND_VENUE_CHANGE:
    case COMMAND_VENUE_ARCHIVE:
    case COMMAND_EVENT_CHANGE:
    case COMMAND_EVENT_ARCHIVE:
    case COMMAND_TYPE_CHANGE:
    case COMMAND_TYPE_ARCHIVE:
    case COMMAND_KEY_REVOKE:
    case COMMAND_KEY_TOUCH:
    case COMMAND_STAFF_CHANGE:
    case COMMAND_STAFF_DISABLE:
    case COMMAND_STAFF_PASSWORD:
    case COMMAND_SESSION_BEGIN:
    case COMMAND_SESSION_END:
    case COMMAND_SESSION_TOUCH:
    case COMMAND_PRUNE:
    case COMMAND_SHIFT_CLOSE:
        return 200;
    }
    return 200;
}

/* --- tags ------------------------------------------------------------------------------- */

struct text version_etag(int64_t version, struct arena *arena) {
    return arena_printf(arena, "\"%lld\"", (long long)version);
}

struct text outcome_etag(const struct outcome *outcome, struct arena *arena) {
    if (outcome->venue != NULL) {
        return version_etag(outcome->venue->version, arena);
    }
    if (outcome->staff != NULL) {
        return version_etag(outcome->staff->version, arena);
    }
    if (outcome->type != NULL) { /* an adjustment answers counts, which have no version */
        return outcome->kind == COMMAND_ADJUST
                   ? TEXT_NONE
                   : version_etag(outcome->type->settings_version, arena);
    }
    return outcome->event == NULL ? TEXT_NONE : version_etag(outcome->event->version, arena);
}

struct text body_etag(struct text body, struct arena *arena) {
    static const unsigned char key[crypto_shorthash_KEYBYTES] = "ticketd entity";
    unsigned char digest[crypto_shorthash_BYTES];
    char digits[2 * sizeof digest + 1];
    crypto_shorthash(digest, (const unsigned char *)body.bytes, body.length, key);
    sodium_bin2hex(digits, sizeof digits, digest, sizeof digest);
    return arena_printf(arena, "\"%s\"", digits);
}

bool etag_is_known(struct text if_none_match, struct text etag) {
    while (!text_is_absent(if_none_match) && if_none_match.length > 0) {
        const char *comma = memchr(if_none_match.bytes, ',', if_none_match.length);
        size_t length =
            comma == NULL ? if_none_match.length : (size_t)(comma - if_none_match.bytes);
        struct text tag = text_trimmed((struct text){if_none_match.bytes, length});
        if (text_starts_with(tag, TEXT("W/"))) {
            tag = (struct text){tag.bytes + 2, tag.length - 2};
        }
        if (text_equals(tag, etag) || text_equals(tag, TEXT("*"))) {
            return true;
        }
        length += comma != NULL;
        if_none_match = (struct text){if_none_match.bytes + length, if_none_match.length - length};
    }
    return false;
}
