#include "store/inventory_report.h"

#include <stdlib.h>

enum {
    HISTORIES_A_STEP = 50, /* bisections of some 100 us each */
    CHANGES_A_STEP = 200,
};

static bool is_in_intervals(const struct inventory_report *report) {
    return report->subject.request.interval != INTERVAL_NONE;
}

static size_t types_asked(const struct report_subject *subject) {
    return uuid_is_none(subject->request.ticket_type_id) ? subject->types_count : 1;
}

static void find_fault(struct inventory_report *report) {
    struct report_subject *subject = &report->subject;
    if (subject->fault != REPORT_SOUND) {
        return;
    }
    if (!is_in_intervals(report) && uuid_is_none(subject->request.ticket_type_id)) {
        subject->fault = REPORT_NEEDS_INTERVAL;
    } else if (types_asked(subject) > 0 &&
               subject->borders_count > FIGURES_MAX / types_asked(subject)) {
        subject->fault = REPORT_TOO_LARGE;
    }
}

enum error inventory_report_begin(struct inventory_report *report,
                                  const struct report_request *request, struct store_reader *reader,
                                  struct arena *arena, struct failure *failure) {
    *report = (struct inventory_report){.is_done = false};
    struct report_subject *subject = &report->subject;
    struct report_request until_now = *request;
    until_now.until_now = true;
    enum error error = report_subject_read(subject, &until_now, reader, arena, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    find_fault(report);
    report->is_done = subject->fault != REPORT_SOUND;
    report->reached = subject->from;
    report->rows = arena_array(arena, struct inventory_step, FIGURES_MAX);
    report->figures = (struct figures){.arena = arena,
                                       .borders = subject->borders,
                                       .borders_count = subject->borders_count,
                                       .groups = GROUP_TYPE,
                                       .of_totals = true};
    bool fits = report->rows != NULL && figures_begin(&report->figures);
    return fits ? ERROR_NONE : report_memory_spent(failure);
}

/* --- change by change ------------------------------------------------------------------ */

static struct inventory_step step_of(const struct audit_entry *entry) {
    int64_t delta = (int64_t)entry->now.total - entry->previous.total;
    return (struct inventory_step){.at = entry->created_at,
                                   .ticket_type_id = entry->ticket_type_id,
                                   .counts = entry->now,
                                   .increased = delta > 0 ? delta : 0,
                                   .decreased = delta < 0 ? -delta : 0};
}

/* They were found newest first. */
static void reverse(struct inventory_report *report) {
    for (size_t i = 0; i < report->count / 2; i++) {
        struct inventory_step other = report->rows[report->count - 1 - i];
        report->rows[report->count - 1 - i] = report->rows[i];
        report->rows[i] = other;
    }
}

static enum error read_changes(struct inventory_report *report, struct store_reader *reader,
                               struct arena *scratch, struct failure *failure) {
    const struct report_request *request = &report->subject.request;
    struct list_query query = {
        .filter = {.ticket_type_id = request->ticket_type_id,
                   .from = request->from,
                   .to = request->to,
                   .own_since = INSTANT_NONE,
                   .after_seq = -1,
                   .include_archived = true},
        .after = report->older,
        .limit = FIGURES_MAX - report->count < CHANGES_A_STEP ? FIGURES_MAX - report->count
                                                              : CHANGES_A_STEP,
    };
    struct page page;
    enum error error = reader_audit_log(reader, &query, scratch, &page, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    const struct audit_entry *entries = page.rows;
    for (size_t i = 0; i < page.count; i++) {
        report->rows[report->count++] = step_of(&entries[i]);
    }
    report->older = page.next;
    report->truncated = page.next.set && report->count == FIGURES_MAX;
    report->is_done = !page.next.set || report->truncated;
    if (report->is_done) {
        reverse(report);
    }
    return ERROR_NONE;
}

/* --- interval by interval -------------------------------------------------------------- */

/* Just before each of the next intervals ends. */
static size_t next_instants(const struct inventory_report *report, struct instant *ats) {
    const struct report_subject *subject = &report->subject;
    size_t count = subject->borders_count - report->bucket_at;
    count = count < HISTORIES_A_STEP ? count : HISTORIES_A_STEP;
    for (size_t i = 0; i < count; i++) {
        struct instant end = report_subject_bucket_end(subject, report->bucket_at + i);
        ats[i] = (struct instant){end.us - 1};
    }
    return count;
}

/* What is not known, before the type was there, is no row. */
static enum error read_counts(struct inventory_report *report, struct store_reader *reader,
                              struct arena *scratch, struct failure *failure) {
    const struct report_subject *subject = &report->subject;
    struct uuid type = subject->types[report->type_at].row.id;
    struct instant ats[HISTORIES_A_STEP] = {{0}};
    struct history histories[HISTORIES_A_STEP] = {{.known = false}};
    size_t count = next_instants(report, ats);
    enum error error = reader_histories(reader, type, ats, count, scratch, histories, failure);
    for (size_t i = 0; error == ERROR_NONE && i < count; i++) {
        if (histories[i].known) {
            report->rows[report->count++] = (struct inventory_step){
                .at = report_subject_bucket_end(subject, report->bucket_at + i),
                .ticket_type_id = type,
                .counts = histories[i].counts};
        }
    }
    report->bucket_at += count;
    return error;
}

static enum error read_totals(struct inventory_report *report, struct store_reader *reader,
                              struct arena *scratch, struct failure *failure) {
    const struct report_subject *subject = &report->subject;
    struct figures_span span = {.ticket_type_id = subject->types[report->type_at].row.id,
                                .from = report->reached,
                                .to = subject->to};
    enum error error =
        reader_adjusted(reader, &span, scratch, &report->figures, &report->reached, failure);
    if (error == ERROR_NONE && report->figures.spent) {
        return report_memory_spent(failure);
    }
    if (error == ERROR_NONE && !instant_before(report->reached, subject->to)) {
        report->reached = subject->from;
        report->bucket_at = 0;
        report->type_at++;
    }
    return error;
}

static int by_time(const void *left, const void *right) {
    const struct inventory_step *a = left;
    const struct inventory_step *b = right;
    if (a->at.us != b->at.us) {
        return a->at.us < b->at.us ? -1 : 1;
    }
    return uuid_compare(a->ticket_type_id, b->ticket_type_id);
}

/* Both lists are in the order of time and types: they are gone through side by side. */
static void finish(struct inventory_report *report) {
    struct figures *figures = &report->figures;
    qsort(report->rows, report->count, sizeof *report->rows, by_time);
    figures_sort(figures);
    size_t at = 0;
    for (size_t i = 0; i < report->count; i++) {
        struct inventory_step *row = &report->rows[i];
        for (; at < figures->count; at++) {
            const struct figure *figure = &figures->list[at];
            struct inventory_step of_figure = {
                .at = report_subject_bucket_end(&report->subject, figure->bucket),
                .ticket_type_id = figure->ticket_type_id};
            int order = by_time(&of_figure, row);
            if (order > 0) {
                break;
            }
            row->increased = order == 0 ? figure->increased : row->increased;
            row->decreased = order == 0 ? figure->decreased : row->decreased;
        }
    }
    report->is_done = true;
}

enum error inventory_report_step(struct inventory_report *report, struct store_reader *reader,
                                 struct arena *scratch, struct failure *failure) {
    const struct report_subject *subject = &report->subject;
    if (!is_in_intervals(report)) {
        return read_changes(report, reader, scratch, failure);
    }
    while (report->type_at < subject->types_count &&
           !report_subject_asks(subject, &subject->types[report->type_at].row)) {
        report->type_at++;
    }
    if (report->type_at == subject->types_count) {
        finish(report);
        return ERROR_NONE;
    }
    return report->bucket_at < subject->borders_count
               ? read_counts(report, reader, scratch, failure)
               : read_totals(report, reader, scratch, failure);
}
