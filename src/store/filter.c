#include "store/filter.h"

#include <strings.h>

static bool id_fits(struct uuid asked, struct uuid id) {
    return uuid_is_none(asked) || uuid_equals(asked, id);
}

static bool text_fits(struct text asked, struct text text) {
    return text_is_absent(asked) || text_equals(asked, text);
}

static bool contains(struct text text, struct text part) {
    for (size_t i = 0; !text_is_absent(text) && i + part.length <= text.length; i++) {
        if (strncasecmp(text.bytes + i, part.bytes, part.length) == 0) {
            return true;
        }
    }
    return false;
}

static bool q_fits(const struct list_filter *filter, struct text a, struct text b) {
    return text_is_absent(filter->q) || contains(a, filter->q) || contains(b, filter->q);
}

static bool time_fits(const struct list_filter *filter, struct instant at) {
    return (instant_is_none(filter->from) || !instant_before(at, filter->from)) &&
           (instant_is_none(filter->to) || instant_before(at, filter->to));
}

static bool archived_fits(const struct list_filter *filter, struct instant archived_at) {
    return filter->include_archived || instant_is_none(archived_at);
}

static bool when_fits(enum list_when when, const struct event *event, struct instant now) {
    switch (when) {
    case WHEN_ALL:
        return true;
    case WHEN_UPCOMING:
        return !instant_before(event_end(event), now);
    case WHEN_PAST:
        return instant_before(event_end(event), now);
    }
    return false;
}

bool filter_takes_event_id(const struct list_filter *filter, struct uuid event_id) {
    const struct caller scope = {.events = filter->events, .events_count = filter->events_count};
    return id_fits(filter->event_id, event_id) && caller_reaches_event(&scope, event_id);
}

bool filter_takes_venue(const struct list_filter *filter, const struct venue *venue) {
    return archived_fits(filter, venue->archived_at) && q_fits(filter, venue->name, venue->address);
}

bool filter_takes_event(const struct list_filter *filter, const struct event *event,
                        struct instant now) {
    bool is_public = event->published && instant_is_none(event->archived_at);
    return filter_takes_event_id(filter, event->id) && id_fits(filter->venue_id, event->venue_id) &&
           (!filter->public_only || is_public) && archived_fits(filter, event->archived_at) &&
           when_fits(filter->when, event, now) && time_fits(filter, event->start_date) &&
           q_fits(filter, event->name, event->description);
}

bool filter_takes_type(const struct list_filter *filter, const struct type_reading *type) {
    return filter_takes_event_id(filter, type->row.event_id) &&
           (!filter->public_only || type->event_is_public) &&
           archived_fits(filter, type->row.archived_at) &&
           q_fits(filter, type->row.name, type->row.description);
}

static bool line_fits(const struct list_filter *filter, const struct reservation *line,
                      struct instant now) {
    bool own =
        uuid_is_none(filter->own_actor) || (uuid_equals(filter->own_actor, line->sold_by) &&
                                            !instant_before(line->completed_at, filter->own_since));
    return filter_takes_event_id(filter, line->event_id) &&
           id_fits(filter->ticket_type_id, line->ticket_type_id) &&
           id_fits(filter->reservation_id, line->id) && id_fits(filter->cart_id, line->cart_id) &&
           id_fits(filter->user_id, line->user_id) && text_fits(filter->order_id, line->order_id) &&
           text_fits(filter->tender, line->tender) &&
           (filter->channel == CHANNEL_NONE || filter->channel == line->channel) &&
           (filter->actor.kind == 0 || uuid_equals(filter->actor.id, line->sold_by)) &&
           (filter->status == 0 ||
            filter->status == status_at(line->status, line->expires_at, now)) &&
           own && q_fits(filter, line->order_id, TEXT_NONE);
}

bool filter_takes_reservation(const struct list_filter *filter,
                              const struct reservation *reservation, struct instant now) {
    return time_fits(filter, reservation->created_at) && line_fits(filter, reservation, now);
}

bool filter_takes_sale(const struct list_filter *filter, const struct reservation *reservation,
                       struct instant now) {
    return reservation->status == RESERVATION_COMPLETED &&
           time_fits(filter, reservation->completed_at) && line_fits(filter, reservation, now);
}

bool filter_takes_entry(const struct list_filter *filter, const struct audit_entry *entry) {
    bool own =
        uuid_is_none(filter->own_actor) || (uuid_equals(filter->own_actor, entry->actor.id) &&
                                            !instant_before(entry->created_at, filter->own_since));
    return filter_takes_event_id(filter, entry->event_id) &&
           id_fits(filter->ticket_type_id, entry->ticket_type_id) &&
           id_fits(filter->reservation_id, entry->reservation_id) &&
           id_fits(filter->user_id, entry->user_id) &&
           text_fits(filter->order_id, entry->order_id) &&
           text_fits(filter->tender, entry->tender) &&
           (filter->actor.kind == 0 || (filter->actor.kind == entry->actor.kind &&
                                        id_fits(filter->actor.id, entry->actor.id))) &&
           (filter->action == 0 || filter->action == entry->action) &&
           (filter->channel == CHANNEL_NONE || filter->channel == entry->channel) && own &&
           (filter->after_seq < 0 || entry->seq > filter->after_seq) &&
           time_fits(filter, entry->created_at) && q_fits(filter, entry->reason, entry->order_id);
}

bool filter_takes_shift(const struct list_filter *filter, const struct shift *shift) {
    bool is_open = instant_is_none(shift->closed_at);
    return (filter->shifts == SHIFTS_ALL || is_open == (filter->shifts == SHIFTS_OPEN)) &&
           id_fits(filter->shift_id, shift->id) &&
           (filter->actor.kind == 0 || uuid_equals(filter->actor.id, shift->operator.id)) &&
           id_fits(filter->own_actor, shift->operator.id) && time_fits(filter, shift->opened_at);
}
