#include "store/report_subject.h"

enum error report_memory_spent(struct failure *failure) {
    return failure_set(failure, ERROR_MEMORY, "The report needs more memory than it may take.");
}

static enum error find_event(const struct report_subject *subject, struct store_reader *reader,
                             struct uuid *event_id, struct failure *failure) {
    *event_id = subject->request.event_id;
    if (uuid_is_none(subject->request.ticket_type_id)) {
        return ERROR_NONE;
    }
    struct type_reading type;
    enum error error =
        reader_type(reader, subject->request.ticket_type_id, subject->arena, &type, failure);
    if (error == ERROR_NONE && !uuid_is_none(*event_id) &&
        !uuid_equals(*event_id, type.row.event_id)) {
        return failure_set(failure, ERROR_NOT_FOUND, "there is no such row");
    }
    if (error == ERROR_NONE) {
        *event_id = type.row.event_id;
    }
    return error;
}

static enum error read_event(struct report_subject *subject, struct store_reader *reader,
                             struct failure *failure) {
    struct uuid event_id;
    struct page types;
    enum error error = find_event(subject, reader, &event_id, failure);
    if (error == ERROR_NONE) {
        error =
            reader_inventory(reader, event_id, subject->arena, &subject->event, &types, failure);
    }
    if (error == ERROR_NONE) {
        subject->types = types.rows;
        subject->types_count = types.count;
        subject->as_of = types.as_of;
    }
    return error;
}

/* As times are told to people: in whole milliseconds. */
static struct instant since(const struct report_subject *subject) {
    struct instant first = subject->event.created_at;
    for (size_t i = 0; i < subject->types_count; i++) {
        struct instant created_at = subject->types[i].row.created_at;
        first = instant_before(created_at, first) ? created_at : first;
    }
    return (struct instant){first.us - first.us % 1000};
}

static enum error lay_out(struct report_subject *subject, struct failure *failure) {
    struct instant *borders = arena_array(subject->arena, struct instant, FIGURES_MAX);
    if (borders == NULL) {
        return report_memory_spent(failure);
    }
    struct time_zone *zone = time_zone_open(subject->time_zone);
    if (zone == NULL) {
        subject->fault = REPORT_ZONE_UNKNOWN;
    } else if (!instant_before(subject->from, subject->to)) {
        subject->fault = REPORT_ENDS_EARLY;
    } else {
        subject->borders = borders;
        subject->borders_count = calendar_borders(zone, subject->request.interval, subject->from,
                                                  subject->to, borders, FIGURES_MAX);
        subject->fault = subject->borders_count > FIGURES_MAX ? REPORT_TOO_LARGE : REPORT_SOUND;
    }
    time_zone_close(zone);
    return ERROR_NONE;
}

enum error report_subject_read(struct report_subject *subject, const struct report_request *request,
                               struct store_reader *reader, struct arena *arena,
                               struct failure *failure) {
    *subject = (struct report_subject){.request = *request, .arena = arena};
    enum error error = read_event(subject, reader, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    subject->from = instant_is_none(request->from) ? since(subject) : request->from;
    bool ends_now = instant_is_none(request->to) ||
                    (request->until_now && instant_before(subject->as_of, request->to));
    subject->to = ends_now ? subject->as_of : request->to;
    subject->time_zone =
        text_is_absent(request->time_zone) ? subject->event.time_zone : request->time_zone;
    return lay_out(subject, failure);
}

bool report_subject_asks(const struct report_subject *subject, const struct ticket_type *type) {
    return uuid_is_none(subject->request.ticket_type_id) ||
           uuid_equals(subject->request.ticket_type_id, type->id);
}

struct instant report_subject_bucket_end(const struct report_subject *subject, size_t bucket) {
    return bucket + 1 < subject->borders_count ? subject->borders[bucket + 1] : subject->to;
}

struct text report_subject_type_name(const struct report_subject *subject, struct uuid type) {
    for (size_t i = 0; i < subject->types_count; i++) {
        if (uuid_equals(subject->types[i].row.id, type)) {
            return subject->types[i].row.name;
        }
    }
    return TEXT_NONE;
}
