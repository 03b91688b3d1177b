/* What was sold, taken back and left, in figures: GET /v1/reports/… */
#include "routes/caller.h"
#include "routes/handlers.h"
#include "routes/list.h"
#include "routes/parts.h"
#include "routes/report.h"
#include "routes/rows.h"

/* --- sales ------------------------------------------------------------------------------ */

static enum error begin_sales(struct report_run *run, struct store_reader *reader,
                              struct failure *failure) {
    return sales_report_begin(&run->sales, &run->asked->sales, reader, &run->arena, failure);
}

static enum error step_sales(struct report_run *run, struct store_reader *reader,
                             struct failure *failure) {
    return sales_report_step(&run->sales, reader, &run->scratch, failure);
}

static bool sales_are_done(const struct report_run *run) {
    return run->sales.is_done;
}

static const struct report_subject *subject_of_sales(const struct report_run *run) {
    return &run->sales.subject;
}

static size_t count_sales(const struct report_run *run) {
    return run->sales.figures.count;
}

static void write_operator(struct fields *fields, const struct sales_report *report,
                           struct actor operator_) {
    fields_group(fields, "operator");
    field_text(fields, "kind", actor_kind_name(sales_report_operator_kind(report, operator_)));
    field_uuid(fields, "id", operator_.id);
    fields_group_end(fields);
    field_text(fields, "operator_name", sales_report_operator_name(report, operator_));
}

/* Each column is there in all rows, or in none. */
static void write_sales(struct fields *fields, const struct report_run *run, size_t index) {
    static const struct figure sample = {.tender = {NULL, 0}};
    const struct sales_report *report = &run->sales;
    const struct figure *figure =
        index < report->figures.count ? &report->figures.list[index] : &sample;
    unsigned groups = report->figures.groups;
    if (report->subject.request.interval != INTERVAL_NONE) {
        field_instant(fields, "from", report->subject.borders[figure->bucket]);
        field_instant(fields, "to", report_subject_bucket_end(&report->subject, figure->bucket));
    }
    if ((groups & GROUP_TYPE) != 0) {
        field_uuid(fields, "ticket_type_id", figure->ticket_type_id);
        field_text(fields, "ticket_type_name",
                   report_subject_type_name(&report->subject, figure->ticket_type_id));
    }
    if ((groups & GROUP_CHANNEL) != 0) {
        field_text(fields, "channel", channel_name(figure->channel));
    }
    if ((groups & GROUP_OPERATOR) != 0) {
        write_operator(fields, report, figure->operator_);
    }
    if ((groups & GROUP_TENDER) != 0) {
        field_text(fields, "tender", figure->tender);
    }
    row_money(fields, figure);
}

static void write_rest_of_sales(struct fields *fields, const struct report_run *run) {
    field_currency(fields, "currency", run->sales.subject.event.currency);
    fields_group(fields, "totals");
    row_money(fields, &run->sales.totals);
    fields_group_end(fields);
}

static const struct report_kind of_sales = {
    .begin = begin_sales,
    .step = step_sales,
    .is_done = sales_are_done,
    .subject = subject_of_sales,
    .count = count_sales,
    .row = write_sales,
    .rest = write_rest_of_sales,
};

/* --- inventory -------------------------------------------------------------------------- */

static enum error begin_inventory(struct report_run *run, struct store_reader *reader,
                                  struct failure *failure) {
    return inventory_report_begin(&run->inventory, &run->asked->sales.subject, reader, &run->arena,
                                  failure);
}

static enum error step_inventory(struct report_run *run, struct store_reader *reader,
                                 struct failure *failure) {
    return inventory_report_step(&run->inventory, reader, &run->scratch, failure);
}

static bool inventory_is_done(const struct report_run *run) {
    return run->inventory.is_done;
}

static const struct report_subject *subject_of_inventory(const struct report_run *run) {
    return &run->inventory.subject;
}

static size_t count_inventory(const struct report_run *run) {
    return run->inventory.count;
}

static void write_inventory(struct fields *fields, const struct report_run *run, size_t index) {
    static const struct inventory_step sample = {.at = {0}};
    const struct inventory_report *report = &run->inventory;
    const struct inventory_step *step = index < report->count ? &report->rows[index] : &sample;
    field_instant(fields, "at", step->at);
    field_uuid(fields, "ticket_type_id", step->ticket_type_id);
    field_text(fields, "ticket_type_name",
               report_subject_type_name(&report->subject, step->ticket_type_id));
    field_integer(fields, "total", step->counts.total);
    field_integer(fields, "sold", step->counts.sold);
    field_integer(fields, "reserved", step->counts.reserved);
    field_integer(fields, "available", counts_available(step->counts));
    field_integer(fields, "increased", step->increased);
    field_integer(fields, "decreased", step->decreased);
}

static void write_rest_of_inventory(struct fields *fields, const struct report_run *run) {
    field_boolean(fields, "truncated", run->inventory.truncated);
}

static const struct report_kind of_inventory = {
    .begin = begin_inventory,
    .step = step_inventory,
    .is_done = inventory_is_done,
    .subject = subject_of_inventory,
    .count = count_inventory,
    .row = write_inventory,
    .rest = write_rest_of_inventory,
};

/* --- what is asked for ------------------------------------------------------------------ */

static bool refuse_unnamed(struct call *call, struct answered *refused) {
    struct fault fault = {TEXT("event_id"), "required",
                          TEXT("A report is of an event or of a ticket type."), NULL};
    *refused = call_refuse_faults(call, &fault);
    return false;
}

/* False: *refused says why. */
static bool read_asked(struct call *call, unsigned parameters, struct report_asked **asked,
                       struct answered *refused) {
    struct query query;
    *asked = arena_new(call_arena(call), struct report_asked);
    if (*asked == NULL) {
        *refused = call_refuse(call, PROBLEM_PAYLOAD_TOO_LARGE, NULL);
        return false;
    }
    if (!query_read(call, parameters | PARAMETERS_OF_REPORT | PARAMETER_FORMAT, &query, refused)) {
        return false;
    }
    const struct list_filter *filter = &query.filter;
    if (uuid_is_none(filter->event_id) && uuid_is_none(filter->ticket_type_id)) {
        return refuse_unnamed(call, refused);
    }
    (*asked)->csv = query.format_is_given ? query.csv : list_wants_csv(call);
    (*asked)->sales = (struct sales_request){
        .subject = {.event_id = filter->event_id,
                    .ticket_type_id = filter->ticket_type_id,
                    .from = filter->from,
                    .to = filter->to,
                    .interval = query.interval,
                    .time_zone = query.time_zone},
        .groups = query.groups,
        .filter = {.channel = filter->channel, .tender = filter->tender},
    };
    return true;
}

struct answered route_sales_report(struct call *call) {
    struct answered refused;
    struct report_asked *asked;
    unsigned parameters =
        PARAMETER_GROUP_BY | PARAMETER_INTERVAL | PARAMETER_CHANNEL | PARAMETER_TENDER;
    if (!read_asked(call, parameters, &asked, &refused)) {
        return refused;
    }
    asked->kind = &of_sales;
    return report_answer(call, asked);
}

struct answered route_inventory_report(struct call *call) {
    struct answered refused;
    struct report_asked *asked;
    if (!read_asked(call, PARAMETER_INTERVAL, &asked, &refused)) {
        return refused;
    }
    asked->kind = &of_inventory;
    return report_answer(call, asked);
}
