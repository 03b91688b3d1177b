#include "domain/outcome_code.h"

#include "domain/coder.h"
#include "domain/limits.h"

enum {
    FORM_VERSION = 1,

    HAS_VENUE = 1 << 0,
    HAS_EVENT = 1 << 1,
    HAS_TYPE = 1 << 2,
    HAS_API_KEY = 1 << 3,
    HAS_CART = 1 << 4,
    HAS_STAFF = 1 << 5,
    HAS_SHIFT = 1 << 6,
    HAS_ALL = 2 * HAS_SHIFT - 1,
};

static void code_venue(struct coder *coder, struct venue *venue) {
    code_uuid(coder, &venue->id);
    code_text(coder, &venue->name);
    code_text(coder, &venue->address);
    code_text(coder, &venue->time_zone);
    code_instant(coder, &venue->created_at);
    code_instant(coder, &venue->updated_at);
    code_instant(coder, &venue->archived_at);
    code_integer(coder, &venue->version);
}

static void code_event(struct coder *coder, struct event *event) {
    code_uuid(coder, &event->id);
    code_uuid(coder, &event->venue_id);
    code_text(coder, &event->name);
    code_text(coder, &event->description);
    code_text(coder, &event->image_url);
    code_text(coder, &event->time_zone);
    code_currency(coder, &event->currency);
    code_instant(coder, &event->start_date);
    code_instant(coder, &event->end_date);
    code_instant(coder, &event->created_at);
    code_instant(coder, &event->updated_at);
    code_instant(coder, &event->archived_at);
    code_integer(coder, &event->version);
    code_boolean(coder, &event->published);
    code_boolean(coder, &event->featured);
}

static void code_type(struct coder *coder, struct ticket_type *type) {
    code_uuid(coder, &type->id);
    code_uuid(coder, &type->event_id);
    code_text(coder, &type->name);
    code_text(coder, &type->description);
    code_integer(coder, &type->price);
    code_int32(coder, &type->initial);
    code_counts(coder, &type->counts);
    code_instant(coder, &type->sales_start);
    code_instant(coder, &type->sales_end);
    code_int32(coder, &type->max_per_order);
    code_int32(coder, &type->max_per_customer);
    code_integer(coder, &type->settings_version);
    code_integer(coder, &type->audit_seq);
    code_bytes(coder, type->audit_hash.bytes, CHAIN_HASH_SIZE);
    code_instant(coder, &type->last_entry_at);
    code_int32(coder, &type->adopted_sold);
    code_instant(coder, &type->created_at);
    code_instant(coder, &type->updated_at);
    code_instant(coder, &type->archived_at);
}

static void code_events(struct coder *coder, const struct uuid **events, size_t *events_count) {
    uint64_t count = *events_count;
    code_unsigned(coder, &count);
    if (count > KEY_EVENTS_MAX) {
        coder->damaged = true;
        return;
    }
    if (!coder->writing && count > 0) {
        *events = arena_array(coder->arena, struct uuid, count);
        coder->spent |= *events == NULL;
    }
    *events_count = count;
    for (size_t i = 0; i < count && !coder->spent; i++) {
        code_uuid(coder, (struct uuid *)(uintptr_t) & (*events)[i]);
    }
}

/* Without the hash of the password: it is not an answer's business. */
static void code_staff(struct coder *coder, struct staff *staff) {
    code_uuid(coder, &staff->id);
    code_text(coder, &staff->email);
    code_text(coder, &staff->name);
    staff->role = code_choice(coder, staff->role, ROLE_ADMIN);
    code_events(coder, &staff->events, &staff->events_count);
    code_instant(coder, &staff->created_at);
    code_instant(coder, &staff->updated_at);
    code_instant(coder, &staff->disabled_at);
    code_instant(coder, &staff->last_seen_at);
    code_integer(coder, &staff->version);
}

static void code_api_key(struct coder *coder, struct api_key *key) {
    code_uuid(coder, &key->id);
    code_text(coder, &key->name);
    key->role = code_choice(coder, key->role, ROLE_ADMIN);
    code_events(coder, &key->events, &key->events_count);
    /* The hash of the secret is not an answer's business. */
    code_instant(coder, &key->created_at);
    code_instant(coder, &key->expires_at);
    code_instant(coder, &key->last_used_at);
    code_instant(coder, &key->revoked_at);
}

static void code_cart(struct coder *coder, struct cart *cart) {
    code_uuid(coder, &cart->id);
    code_uuid(coder, &cart->event_id);
    code_uuid(coder, &cart->user_id);
    code_uuid(coder, &cart->sold_by);
    code_uuid(coder, &cart->shift_id);
    cart->status = code_kind(coder, cart->status, RESERVATION_EXPIRED);
    cart->channel = code_choice(coder, cart->channel, CHANNEL_COMP);
    code_currency(coder, &cart->currency);
    code_text(coder, &cart->tender);
    code_text(coder, &cart->order_id);
    code_instant(coder, &cart->expires_at);
    code_instant(coder, &cart->created_at);
    code_instant(coder, &cart->updated_at);
    code_instant(coder, &cart->completed_at);
}

static void code_reservation(struct coder *coder, struct reservation *line) {
    code_uuid(coder, &line->id);
    code_uuid(coder, &line->event_id);
    code_uuid(coder, &line->ticket_type_id);
    code_uuid(coder, &line->cart_id);
    code_uuid(coder, &line->user_id);
    code_uuid(coder, &line->sold_by);
    code_uuid(coder, &line->shift_id);
    code_int32(coder, &line->quantity);
    code_int32(coder, &line->refunded_quantity);
    line->status = code_kind(coder, line->status, RESERVATION_EXPIRED);
    line->channel = code_choice(coder, line->channel, CHANNEL_COMP);
    code_integer(coder, &line->unit_price);
    code_currency(coder, &line->currency);
    code_text(coder, &line->tender);
    code_text(coder, &line->order_id);
    code_instant(coder, &line->expires_at);
    code_instant(coder, &line->created_at);
    code_instant(coder, &line->updated_at);
    code_instant(coder, &line->completed_at);
}

static void code_entry(struct coder *coder, struct audit_entry *entry) {
    code_uuid(coder, &entry->id);
    code_uuid(coder, &entry->event_id);
    code_uuid(coder, &entry->ticket_type_id);
    code_uuid(coder, &entry->user_id);
    code_uuid(coder, &entry->reservation_id);
    code_uuid(coder, &entry->shift_id);
    code_integer(coder, &entry->seq);
    entry->action = code_kind(coder, entry->action, ACTION_REFUND);
    code_int32(coder, &entry->quantity);
    code_counts(coder, &entry->previous);
    code_counts(coder, &entry->now);
    code_text(coder, &entry->reason);
    code_text(coder, &entry->order_id);
    code_text(coder, &entry->tender);
    code_instant(coder, &entry->created_at);
    code_instant(coder, &entry->effective_at);
    entry->actor.kind = code_kind(coder, entry->actor.kind, ACTOR_USER);
    code_uuid(coder, &entry->actor.id);
    entry->disposition = code_choice(coder, entry->disposition, DISPOSITION_VOID);
    entry->channel = code_choice(coder, entry->channel, CHANNEL_COMP);
    code_bytes(coder, entry->chain_hash.bytes, CHAIN_HASH_SIZE);
}

/* A single row: where there is one, codes it in place or into fresh memory. */
#define CODE_ROW(coder, present, field, type, code)                                                \
    do {                                                                                           \
        if ((present) != 0 && !(coder)->spent && !(coder)->damaged) {                              \
            type *row =                                                                            \
                (coder)->writing ? (type *)(uintptr_t)(field) : arena_new((coder)->arena, type);   \
            (coder)->spent |= row == NULL;                                                         \
            if (row != NULL) {                                                                     \
                code((coder), row);                                                                \
                (field) = row;                                                                     \
            }                                                                                      \
        }                                                                                          \
    } while (0)

#define CODE_ROWS(coder, field, field_count, type, code)                                           \
    do {                                                                                           \
        size_t count = code_count((coder), (field_count));                                         \
        type *rows = (coder)->writing ? (type *)(uintptr_t)(field)                                 \
                     : count > 0      ? arena_array((coder)->arena, type, count)                   \
                                      : NULL;                                                           \
        (coder)->spent |= count > 0 && rows == NULL;                                               \
        for (size_t i = 0; i < count && !(coder)->spent && !(coder)->damaged; i++) {               \
            code((coder), &rows[i]);                                                               \
        }                                                                                          \
        (field) = rows;                                                                            \
        (field_count) = count;                                                                     \
    } while (0)

static void code_total(struct coder *coder, struct shift_total *total) {
    code_text(coder, &total->tender);
    code_integer(coder, &total->sales);
    code_integer(coder, &total->tickets_sold);
    code_integer(coder, &total->tickets_refunded);
    code_integer(coder, &total->gross);
    code_integer(coder, &total->refunds);
}

static void code_shift(struct coder *coder, struct shift_reading *shift) {
    code_uuid(coder, &shift->row.id);
    shift->row.operator.kind = code_kind(coder, shift->row.operator.kind, ACTOR_USER);
    code_uuid(coder, &shift->row.operator.id);
    code_text(coder, &shift->row.terminal);
    code_text(coder, &shift->row.note);
    code_currency(coder, &shift->row.currency);
    code_integer(coder, &shift->row.opening_cash);
    code_integer(coder, &shift->row.expected_cash);
    code_integer(coder, &shift->row.counted_cash);
    code_instant(coder, &shift->row.opened_at);
    code_instant(coder, &shift->row.closed_at);
    CODE_ROWS(coder, shift->totals, shift->totals_count, struct shift_total, code_total);
}

static unsigned rows_present(const struct outcome *outcome) {
    return (outcome->venue != NULL ? HAS_VENUE : 0) | (outcome->event != NULL ? HAS_EVENT : 0) |
           (outcome->type != NULL ? HAS_TYPE : 0) | (outcome->api_key != NULL ? HAS_API_KEY : 0) |
           (outcome->cart != NULL ? HAS_CART : 0) | (outcome->staff != NULL ? HAS_STAFF : 0) |
           (outcome->shift != NULL ? HAS_SHIFT : 0);
}

static void code_outcome(struct coder *coder, struct outcome *outcome) {
    uint8_t version = FORM_VERSION;
    code_bytes(coder, &version, 1);
    if (version != FORM_VERSION) {
        coder->damaged = true;
        return;
    }
    outcome->kind = code_choice(coder, outcome->kind, COMMAND_SHIFT_CLOSE);
    code_instant(coder, &outcome->decided_at);
    code_integer(coder, &outcome->released);
    unsigned present = code_choice(coder, rows_present(outcome), HAS_ALL);
    CODE_ROW(coder, present & HAS_VENUE, outcome->venue, struct venue, code_venue);
    CODE_ROW(coder, present & HAS_EVENT, outcome->event, struct event, code_event);
    CODE_ROW(coder, present & HAS_TYPE, outcome->type, struct ticket_type, code_type);
    CODE_ROW(coder, present & HAS_API_KEY, outcome->api_key, struct api_key, code_api_key);
    CODE_ROW(coder, present & HAS_STAFF, outcome->staff, struct staff, code_staff);
    CODE_ROW(coder, present & HAS_CART, outcome->cart, struct cart, code_cart);
    CODE_ROW(coder, present & HAS_SHIFT, outcome->shift, struct shift_reading, code_shift);
    CODE_ROWS(coder, outcome->lines, outcome->lines_count, struct reservation, code_reservation);
    CODE_ROWS(coder, outcome->entries, outcome->entries_count, struct audit_entry, code_entry);
}

struct text outcome_encode(const struct outcome *outcome, struct arena *arena) {
    struct coder coder = {.arena = arena, .writing = true};
    struct outcome copy = *outcome;
    code_outcome(&coder, &copy);
    return coder.spent ? TEXT_NONE : (struct text){coder.out, coder.length};
}

enum error outcome_decode(struct text bytes, struct arena *arena, struct outcome *outcome) {
    struct coder coder = {.arena = arena, .in = bytes.bytes, .in_end = bytes.bytes + bytes.length};
    struct outcome read = {.verdict = VERDICT_GRANTED, .facts = FACTS_NONE};
    code_outcome(&coder, &read);
    if (coder.spent) {
        return ERROR_MEMORY;
    }
    if (coder.damaged || coder.in != coder.in_end) {
        return ERROR_CORRUPT;
    }
    *outcome = read;
    return ERROR_NONE;
}
