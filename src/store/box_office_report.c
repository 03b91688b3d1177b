#include "store/box_office_report.h"

#include <string.h>

enum { SHIFTS_A_STEP = 200 };

enum error box_office_report_begin(struct box_office_report *report,
                                   const struct sales_request *request, struct store_reader *reader,
                                   struct arena *arena, struct failure *failure) {
    struct sales_request at_box_office = *request;
    at_box_office.groups = GROUP_OPERATOR | GROUP_TENDER;
    at_box_office.filter.at_box_office = true;
    *report = (struct box_office_report){.is_done = false};
    enum error error = sales_report_begin(&report->sales, &at_box_office, reader, arena, failure);
    report->is_done = report->sales.subject.fault != REPORT_SOUND;
    report->drawers = arena_array(arena, struct drawer, DRAWERS_MAX);
    if (error == ERROR_NONE && report->drawers == NULL) {
        error = report_memory_spent(failure);
    }
    return error;
}

/* NULL: there are too many of them. */
static struct drawer *drawer_of(struct box_office_report *report, struct actor operator) {
    for (size_t i = 0; i < report->drawers_count; i++) {
        if (uuid_equals(report->drawers[i].operator.id, operator.id)) {
            return &report->drawers[i];
        }
    }
    if (report->drawers_count == DRAWERS_MAX) {
        return NULL;
    }
    struct drawer *drawer = &report->drawers[report->drawers_count++];
    *drawer = (struct drawer){.operator= operator};
    return drawer;
}

static void add_shift(struct box_office_report *report, const struct shift_reading *shift) {
    const struct shift *row = &shift->row;
    const struct currency *currency = &report->sales.subject.event.currency;
    if (memcmp(&row->currency, currency, sizeof *currency) != 0) {
        return;
    }
    struct drawer *drawer = drawer_of(report, row->operator);
    if (drawer == NULL) {
        report->sales.subject.fault = REPORT_TOO_LARGE;
        return;
    }
    bool is_open = instant_is_none(row->closed_at);
    int64_t expected = is_open ? shift_expected_cash(shift) : row->expected_cash;
    drawer->shifts++;
    drawer->shifts_closed += !is_open;
    drawer->opening_cash += row->opening_cash;
    drawer->expected_cash += expected;
    drawer->counted_cash += is_open ? 0 : row->counted_cash;
    drawer->difference += is_open ? 0 : row->counted_cash - expected;
}

static enum error read_shifts(struct box_office_report *report, struct store_reader *reader,
                              struct arena *scratch, struct failure *failure) {
    const struct report_subject *subject = &report->sales.subject;
    struct uuid operator_id = report->sales.figures.filter.operator_id;
    struct list_query query = {
        .filter = {.from = subject->from,
                   .to = subject->to,
                   .actor = {uuid_is_none(operator_id) ? 0 : ACTOR_KEY, operator_id},
                   .own_since = INSTANT_NONE,
                   .after_seq = -1},
        .after = report->next,
        .limit = SHIFTS_A_STEP,
    };
    struct page page;
    enum error error = reader_shifts(reader, &query, scratch, &page, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    const struct shift_reading *shifts = page.rows;
    for (size_t i = 0; i < page.count; i++) {
        add_shift(report, &shifts[i]);
    }
    report->next = page.next;
    report->is_done = !page.next.set || subject->fault != REPORT_SOUND;
    return ERROR_NONE;
}

enum error box_office_report_step(struct box_office_report *report, struct store_reader *reader,
                                  struct arena *scratch, struct failure *failure) {
    if (report->sales.is_done) {
        return read_shifts(report, reader, scratch, failure);
    }
    enum error error = sales_report_step(&report->sales, reader, scratch, failure);
    report->is_done = report->sales.subject.fault != REPORT_SOUND;
    return error;
}
