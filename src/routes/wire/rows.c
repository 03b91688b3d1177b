#include "routes/wire/rows.h"

void row_venue(struct fields *fields, const struct venue *venue) {
    field_uuid(fields, "id", venue->id);
    field_text(fields, "name", venue->name);
    field_text(fields, "address", venue->address);
    field_text(fields, "time_zone", venue->time_zone);
    field_instant(fields, "created_at", venue->created_at);
    field_instant(fields, "updated_at", venue->updated_at);
    field_instant(fields, "archived_at", venue->archived_at);
    field_integer(fields, "version", venue->version);
}

void row_event(struct fields *fields, const struct event *event) {
    field_uuid(fields, "id", event->id);
    field_text(fields, "name", event->name);
    field_text(fields, "description", event->description);
    field_uuid(fields, "venue_id", event->venue_id);
    field_instant(fields, "start_date", event->start_date);
    field_instant(fields, "end_date", event->end_date);
    field_instant(fields, "created_at", event->created_at);
    field_instant(fields, "updated_at", event->updated_at);
    field_boolean(fields, "published", event->published);
    field_boolean(fields, "featured", event->featured);
    field_text(fields, "image_url", event->image_url);
    field_currency(fields, "currency", event->currency);
    field_text(fields, "time_zone", event->time_zone);
    field_instant(fields, "archived_at", event->archived_at);
    field_integer(fields, "version", event->version);
}

void row_counts(struct fields *fields, int64_t initial, struct counts counts) {
    field_integer(fields, "initial", initial);
    field_integer(fields, "total", counts.total);
    field_integer(fields, "sold", counts.sold);
    field_integer(fields, "reserved", counts.reserved);
    field_integer(fields, "available", counts_available(counts));
}

void row_type(struct fields *fields, const struct ticket_type *type, struct currency currency,
              bool all_counts) {
    field_uuid(fields, "id", type->id);
    field_uuid(fields, "event_id", type->event_id);
    field_text(fields, "name", type->name);
    field_text(fields, "description", type->description);
    field_integer(fields, "price", type->price);
    field_currency(fields, "currency", currency);
    field_instant(fields, "sales_start", type->sales_start);
    field_instant(fields, "sales_end", type->sales_end);
    field_limit(fields, "max_per_order", type->max_per_order);
    field_limit(fields, "max_per_customer", type->max_per_customer);
    fields_group(fields, "counts");
    if (all_counts) {
        row_counts(fields, type->initial, type->counts);
    } else {
        field_integer(fields, "available", counts_available(type->counts));
    }
    fields_group_end(fields);
    field_instant(fields, "created_at", type->created_at);
    field_instant(fields, "updated_at", type->updated_at);
    field_instant(fields, "archived_at", type->archived_at);
    field_integer(fields, "settings_version", type->settings_version);
}

void row_reservation(struct fields *fields, const struct reservation *reservation,
                     struct instant now) {
    enum reservation_status status = status_at(reservation->status, reservation->expires_at, now);
    field_uuid(fields, "id", reservation->id);
    field_uuid(fields, "event_id", reservation->event_id);
    field_uuid(fields, "ticket_type_id", reservation->ticket_type_id);
    field_uuid(fields, "cart_id", reservation->cart_id);
    field_integer(fields, "quantity", reservation->quantity);
    field_integer(fields, "refunded_quantity", reservation->refunded_quantity);
    field_text(fields, "status", reservation_status_name(status));
    field_integer(fields, "unit_price", reservation->unit_price);
    field_currency(fields, "currency", reservation->currency);
    field_uuid(fields, "user_id", reservation->user_id);
    field_text(fields, "channel", channel_name(reservation->channel));
    field_text(fields, "tender", reservation->tender);
    field_text(fields, "order_id", reservation->order_id);
    field_uuid(fields, "sold_by", reservation->sold_by);
    field_uuid(fields, "shift_id", reservation->shift_id);
    field_instant(fields, "created_at", reservation->created_at);
    field_instant(fields, "expires_at", reservation->expires_at);
    field_instant(fields, "completed_at", reservation->completed_at);
    field_integer(fields, "remaining_seconds",
                  remaining_seconds_at(reservation->status, reservation->expires_at, now));
}

void row_entry(struct fields *fields, const struct audit_entry *entry, struct text actor_name) {
    field_uuid(fields, "id", entry->id);
    field_uuid(fields, "event_id", entry->event_id);
    field_uuid(fields, "ticket_type_id", entry->ticket_type_id);
    field_integer(fields, "seq", entry->seq);
    field_text(fields, "action", action_name(entry->action));
    field_integer(fields, "quantity", entry->quantity);
    field_integer(fields, "previous_total", entry->previous.total);
    field_integer(fields, "new_total", entry->now.total);
    field_integer(fields, "previous_sold", entry->previous.sold);
    field_integer(fields, "new_sold", entry->now.sold);
    field_integer(fields, "previous_reserved", entry->previous.reserved);
    field_integer(fields, "new_reserved", entry->now.reserved);
    field_text(fields, "reason", entry->reason);
    field_uuid(fields, "user_id", entry->user_id);
    fields_group(fields, "actor");
    field_text(fields, "kind", actor_kind_name(entry->actor.kind));
    field_uuid(fields, "id", entry->actor.id);
    field_text(fields, "name", actor_name);
    fields_group_end(fields);
    field_uuid(fields, "reservation_id", entry->reservation_id);
    field_text(fields, "order_id", entry->order_id);
    field_text(fields, "disposition", disposition_name(entry->disposition));
    field_text(fields, "channel", channel_name(entry->channel));
    field_text(fields, "tender", entry->tender);
    field_uuid(fields, "shift_id", entry->shift_id);
    field_instant(fields, "effective_at", entry->effective_at);
    field_instant(fields, "created_at", entry->created_at);
    field_hex(fields, "chain_hash", entry->chain_hash.bytes, sizeof entry->chain_hash.bytes);
}

void row_api_key(struct fields *fields, const struct api_key *key) {
    field_uuid(fields, "id", key->id);
    field_text(fields, "name", key->name);
    field_text(fields, "role", role_name(key->role));
    field_uuids(fields, "event_ids", key->events, key->events_count);
    field_instant(fields, "created_at", key->created_at);
    field_instant(fields, "expires_at", key->expires_at);
    field_instant(fields, "last_used_at", key->last_used_at);
    field_instant(fields, "revoked_at", key->revoked_at);
}

void row_staff(struct fields *fields, const struct staff *staff) {
    field_uuid(fields, "id", staff->id);
    field_text(fields, "email", staff->email);
    field_text(fields, "name", staff->name);
    field_text(fields, "role", role_name(staff->role));
    field_uuids(fields, "event_ids", staff->events, staff->events_count);
    field_instant(fields, "created_at", staff->created_at);
    field_instant(fields, "updated_at", staff->updated_at);
    field_instant(fields, "disabled_at", staff->disabled_at);
    field_instant(fields, "last_seen_at", staff->last_seen_at);
    field_integer(fields, "version", staff->version);
}

void row_money(struct fields *fields, const struct figure *figure) {
    field_integer(fields, "tickets_sold", figure->tickets_sold);
    field_integer(fields, "tickets_refunded", figure->tickets_refunded);
    field_integer(fields, "tickets_net", figure->tickets_sold - figure->tickets_refunded);
    field_integer(fields, "gross", figure->gross);
    field_integer(fields, "refunds", figure->refunds);
    field_integer(fields, "net", figure->gross - figure->refunds);
}

static void row_total(struct fields *fields, const struct shift_total *total) {
    field_integer(fields, "tickets_sold", total->tickets_sold);
    field_integer(fields, "tickets_refunded", total->tickets_refunded);
    field_integer(fields, "gross", total->gross);
    field_integer(fields, "refunds", total->refunds);
    field_integer(fields, "net", total->gross - total->refunds);
}

static void totals_by_tender(struct json_writer *json, const struct shift_reading *shift) {
    struct fields fields = {.json = json};
    json_name(json, "by_tender");
    json_array_begin(json);
    for (size_t i = 0; i < shift->totals_count; i++) {
        json_object_begin(json);
        field_text(&fields, "tender", shift->totals[i].tender);
        row_total(&fields, &shift->totals[i]);
        json_object_end(json);
    }
    json_array_end(json);
}

static void shift_cash(struct fields *fields, const struct shift_reading *shift) {
    const struct shift *row = &shift->row;
    field_integer(fields, "opening_cash", row->opening_cash);
    if (instant_is_none(row->closed_at)) {
        field_integer(fields, "expected_cash", shift_expected_cash(shift));
        field_null(fields, "counted_cash");
        field_null(fields, "difference");
    } else {
        field_integer(fields, "expected_cash", row->expected_cash);
        field_integer(fields, "counted_cash", row->counted_cash);
        field_integer(fields, "difference", row->counted_cash - row->expected_cash);
    }
}

void row_shift(struct fields *fields, const struct shift_reading *shift,
               struct text operator_name) {
    const struct shift *row = &shift->row;
    struct shift_total sum = shift_sum(shift);
    field_uuid(fields, "id", row->id);
    fields_group(fields, "operator");
    field_text(fields, "kind", actor_kind_name(row->operator.kind));
    field_uuid(fields, "id", row->operator.id);
    fields_group_end(fields);
    field_text(fields, "operator_name", operator_name);
    field_text(fields, "terminal", row->terminal);
    field_currency(fields, "currency", row->currency);
    shift_cash(fields, shift);
    field_text(fields, "note", row->note);
    field_instant(fields, "opened_at", row->opened_at);
    field_instant(fields, "closed_at", row->closed_at);
    fields_group(fields, "totals");
    field_integer(fields, "sales", sum.sales);
    row_total(fields, &sum);
    if (fields->form == FIELDS_JSON) {
        totals_by_tender(fields->json, shift);
    }
    fields_group_end(fields);
}
