#include "store/sales_report.h"

/* Operators are keys or people, those that are no more, too. Who may not look at these, like the
 * role that only reports, gets the ids alone. */
static enum error read_names(struct sales_report *report, struct store_reader *reader,
                             struct failure *failure) {
    struct page keys, staff;
    enum error error = reader_api_keys(reader, report->subject.arena, &keys, failure);
    if (error == ERROR_NONE) {
        error = reader_staff(reader, report->subject.arena, &staff, failure);
    }
    if (error == ERROR_NONE) {
        report->keys = keys.rows;
        report->keys_count = keys.count;
        report->staff = staff.rows;
        report->staff_count = staff.count;
    }
    return error == ERROR_PERMISSION ? ERROR_NONE : error;
}

/* Without a `from` the first bucket holds what is older, too: sales of a shop before ticketd. */
static struct instant beginning(const struct sales_report *report) {
    return instant_is_none(report->subject.request.from) ? (struct instant){0}
                                                         : report->subject.from;
}

enum error sales_report_begin(struct sales_report *report, const struct sales_request *request,
                              struct store_reader *reader, struct arena *arena,
                              struct failure *failure) {
    *report = (struct sales_report){.is_done = false};
    struct report_subject *subject = &report->subject;
    enum error error = report_subject_read(subject, &request->subject, reader, arena, failure);
    if (error == ERROR_NONE && (request->groups & GROUP_OPERATOR) != 0) {
        error = read_names(report, reader, failure);
    }
    report->reached = beginning(report);
    report->is_done = subject->fault != REPORT_SOUND;
    report->figures = (struct figures){.arena = arena,
                                       .borders = subject->borders,
                                       .borders_count = subject->borders_count,
                                       .groups = request->groups,
                                       .filter = request->filter};
    if (error == ERROR_NONE && !figures_begin(&report->figures)) {
        error = report_memory_spent(failure);
    }
    return error;
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
                                                .operator.id = figures->filter.operator_id});
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
    if (instant_before(report->reached, report->subject.to)) {
        return;
    }
    report->type_at += report->at_refunds;
    report->at_refunds = !report->at_refunds;
    report->reached = beginning(report);
}

enum error sales_report_step(struct sales_report *report, struct store_reader *reader,
                             struct arena *scratch, struct failure *failure) {
    const struct report_subject *subject = &report->subject;
    while (report->type_at < subject->types_count &&
           !report_subject_asks(subject, &subject->types[report->type_at].row)) {
        report->type_at++;
    }
    if (report->type_at == subject->types_count) {
        finish(report);
        return ERROR_NONE;
    }
    struct figures_span span = {.ticket_type_id = subject->types[report->type_at].row.id,
                                .from = report->reached,
                                .to = subject->to};
    struct figures *figures = &report->figures;
    enum error error =
        report->at_refunds
            ? reader_adjusted(reader, &span, scratch, figures, &report->reached, failure)
            : reader_sold(reader, &span, scratch, figures, &report->reached, failure);
    if (error == ERROR_NONE && figures->spent) {
        return report_memory_spent(failure);
    }
    if (error == ERROR_NONE && figures->overflowed) {
        report->subject.fault = REPORT_TOO_LARGE;
        report->is_done = true;
    }
    advance(report);
    return error;
}

static const struct api_key *find_key(const struct sales_report *report, struct uuid id) {
    for (size_t i = 0; i < report->keys_count; i++) {
        if (uuid_equals(report->keys[i].id, id)) {
            return &report->keys[i];
        }
    }
    return NULL;
}

struct text sales_report_operator_name(const struct sales_report *report, struct actor operator) {
    const struct api_key *key = find_key(report, operator.id);
    for (size_t i = 0; key == NULL && i < report->staff_count; i++) {
        if (uuid_equals(report->staff[i].id, operator.id)) {
            return report->staff[i].name;
        }
    }
    return key == NULL ? TEXT_NONE : key->name;
}

enum actor_kind sales_report_operator_kind(const struct sales_report *report,
                                           struct actor operator) {
    if (operator.kind != 0) {
        return operator.kind;
    }
    if (uuid_is_none(operator.id)) {
        return ACTOR_SYSTEM;
    }
    return find_key(report, operator.id) != NULL ? ACTOR_KEY : ACTOR_STAFF;
}
