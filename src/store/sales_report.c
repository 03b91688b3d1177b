#include "store/sales_report.h"

#include <string.h>

static enum error spent(struct failure *failure) {
    return failure_set(failure, ERROR_MEMORY, "The report needs more memory than it may take.");
}

static enum error read_subject(struct sales_report *report, struct store_reader *reader,
                               struct failure *failure) {
    struct uuid event_id = report->request.event_id;
    if (!uuid_is_none(report->request.ticket_type_id)) {
        struct type_reading type;
        enum error error =
            reader_type(reader, report->request.ticket_type_id, report->arena, &type, failure);
        if (error != ERROR_NONE) {
            return error;
        }
        if (!uuid_is_none(event_id) && !uuid_equals(event_id, type.row.event_id)) {
            return failure_set(failure, ERROR_NOT_FOUND, "there is no such row");
        }
        event_id = type.row.event_id;
    }
    struct page types;
    enum error error =
        reader_inventory(reader, event_id, report->arena, &report->event, &types, failure);
    if (error == ERROR_NONE) {
        report->types = types.rows;
        report->types_count = types.count;
        report->to = types.as_of;
    }
    return error;
}

/* Operators may be keys, revoked ones too; all others are people. */
static enum error read_names(struct sales_report *report, struct store_reader *reader,
                             struct failure *failure) {
    if ((report->request.groups & GROUP_OPERATOR) == 0) {
        return ERROR_NONE;
    }
    struct page keys;
    enum error error = reader_api_keys(reader, report->arena, &keys, failure);
    if (error == ERROR_NONE) {
        report->keys = keys.rows;
        report->keys_count = keys.count;
    }
    return error;
}

/* As times are told to people: in whole milliseconds. */
static struct instant since(const struct sales_report *report) {
    struct instant first = report->event.created_at;
    for (size_t i = 0; i < report->types_count; i++) {
        struct instant created_at = report->types[i].row.created_at;
        first = instant_before(created_at, first) ? created_at : first;
    }
    return (struct instant){first.us - first.us % 1000};
}

static enum error lay_out(struct sales_report *report, struct failure *failure) {
    const struct sales_request *request = &report->request;
    struct instant *borders = arena_array(report->arena, struct instant, FIGURES_MAX);
    struct time_zone *zone = time_zone_open(report->time_zone);
    enum error error = ERROR_NONE;
    if (zone == NULL) {
        report->fault = REPORT_ZONE_UNKNOWN;
    } else if (!instant_before(report->from, report->to)) {
        report->fault = REPORT_ENDS_EARLY;
    } else if (borders == NULL) {
        error = spent(failure);
    } else {
        size_t count = calendar_borders(zone, request->interval, report->from, report->to, borders,
                                        FIGURES_MAX);
        report->fault = count > FIGURES_MAX ? REPORT_TOO_LARGE : REPORT_SOUND;
        report->figures = (struct figures){.arena = report->arena,
                                           .borders = borders,
                                           .borders_count = count,
                                           .groups = request->groups,
                                           .filter = request->filter};
        error = figures_begin(&report->figures) ? ERROR_NONE : spent(failure);
    }
    time_zone_close(zone);
    report->is_done = report->fault != REPORT_SOUND;
    return error;
}

/* Without a `from` the first bucket holds what is older, too: sales of a shop before ticketd. */
static struct instant beginning(const struct sales_report *report) {
    return instant_is_none(report->request.from) ? (struct instant){0} : report->from;
}

enum error sales_report_begin(struct sales_report *report, const struct sales_request *request,
                              struct store_reader *reader, struct arena *arena,
                              struct failure *failure) {
    *report = (struct sales_report){.request = *request, .arena = arena};
    enum error error = read_subject(report, reader, failure);
    error = error == ERROR_NONE ? read_names(report, reader, failure) : error;
    if (error != ERROR_NONE) {
        return error;
    }
    report->from = instant_is_none(request->from) ? since(report) : request->from;
    report->to = instant_is_none(request->to) ? report->to : request->to;
    report->time_zone =
        text_is_absent(request->time_zone) ? report->event.time_zone : request->time_zone;
    report->reached = beginning(report);
    return lay_out(report, failure);
}

/* A report that is not grouped has a row for each bucket, sold or not. */
static void add_empty_buckets(struct sales_report *report) {
    struct figures *figures = &report->figures;
    for (size_t i = 0; figures->groups == 0 && i < figures->borders_count; i++) {
        figures_add(figures, &(struct movement){.at = figures->borders[i],
                                                .action = ACTION_SALE,
                                                .channel = figures->filter.at_box_office
                                                               ? CHANNEL_BOX_OFFICE
                                                               : figures->filter.channel,
                                                .tender = figures->filter.tender,
                                                .operator_.id = figures->filter.operator_id});
    }
}

static void finish(struct sales_report *report) {
    struct figures *figures = &report->figures;
    add_empty_buckets(report);
    figures_sort(figures);
    for (size_t i = 0; i < figures->count; i++) {
        report->totals.tickets_sold += figures->list[i].tickets_sold;
        report->totals.tickets_refunded += figures->list[i].tickets_refunded;
        report->totals.gross += figures->list[i].gross;
        report->totals.refunds += figures->list[i].refunds;
    }
    report->is_done = true;
}

/* To the next type, or from the sales of one to its refunds. */
static void advance(struct sales_report *report) {
    if (instant_before(report->reached, report->to)) {
        return;
    }
    report->type_at += report->at_refunds;
    report->at_refunds = !report->at_refunds;
    report->reached = beginning(report);
}

static bool is_asked(const struct sales_report *report, const struct ticket_type *type) {
    return uuid_is_none(report->request.ticket_type_id) ||
           uuid_equals(report->request.ticket_type_id, type->id);
}

enum error sales_report_step(struct sales_report *report, struct store_reader *reader,
                             struct arena *scratch, struct failure *failure) {
    while (report->type_at < report->types_count &&
           !is_asked(report, &report->types[report->type_at].row)) {
        report->type_at++;
    }
    if (report->type_at == report->types_count) {
        finish(report);
        return ERROR_NONE;
    }
    struct figures_span span = {.ticket_type_id = report->types[report->type_at].row.id,
                                .from = report->reached,
                                .to = report->to};
    struct figures *figures = &report->figures;
    enum error error =
        report->at_refunds
            ? reader_adjusted(reader, &span, scratch, figures, &report->reached, failure)
            : reader_sold(reader, &span, scratch, figures, &report->reached, failure);
    if (error == ERROR_NONE && figures->spent) {
        return spent(failure);
    }
    if (error == ERROR_NONE && figures->overflowed) {
        report->fault = REPORT_TOO_LARGE;
        report->is_done = true;
    }
    advance(report);
    return error;
}

struct instant sales_report_bucket_end(const struct sales_report *report, size_t bucket) {
    return bucket + 1 < report->figures.borders_count ? report->figures.borders[bucket + 1]
                                                      : report->to;
}

struct text sales_report_type_name(const struct sales_report *report, struct uuid type) {
    for (size_t i = 0; i < report->types_count; i++) {
        if (uuid_equals(report->types[i].row.id, type)) {
            return report->types[i].row.name;
        }
    }
    return TEXT_NONE;
}

static const struct api_key *find_key(const struct sales_report *report, struct uuid id) {
    for (size_t i = 0; i < report->keys_count; i++) {
        if (uuid_equals(report->keys[i].id, id)) {
            return &report->keys[i];
        }
    }
    return NULL;
}

struct text sales_report_operator_name(const struct sales_report *report, struct actor operator_) {
    const struct api_key *key = find_key(report, operator_.id);
    return key == NULL ? TEXT_NONE : key->name;
}

enum actor_kind sales_report_operator_kind(const struct sales_report *report,
                                           struct actor operator_) {
    if (operator_.kind != 0) {
        return operator_.kind;
    }
    if (uuid_is_none(operator_.id)) {
        return ACTOR_SYSTEM;
    }
    return find_key(report, operator_.id) != NULL ? ACTOR_KEY : ACTOR_STAFF;
}
