/* What each kind of report is made of, and how its rows look. */
#include "routes/resources/report.h"
#include "routes/wire/rows.h"

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
                           struct actor operator) {
    fields_group(fields, "operator");
    field_text(fields, "kind", actor_kind_name(sales_report_operator_kind(report, operator)));
    field_uuid(fields, "id", operator.id);
    fields_group_end(fields);
    field_text(fields, "operator_name", sales_report_operator_name(report, operator));
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
        write_operator(fields, report, figure->operator);
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

const struct report_kind report_of_sales = {
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

const struct report_kind report_of_inventory = {
    .begin = begin_inventory,
    .step = step_inventory,
    .is_done = inventory_is_done,
    .subject = subject_of_inventory,
    .count = count_inventory,
    .row = write_inventory,
    .rest = write_rest_of_inventory,
};

/* --- box office ------------------------------------------------------------------------- */

static enum error begin_box_office(struct report_run *run, struct store_reader *reader,
                                   struct failure *failure) {
    return box_office_report_begin(&run->box_office, &run->asked->sales, reader, &run->arena,
                                   failure);
}

static enum error step_box_office(struct report_run *run, struct store_reader *reader,
                                  struct failure *failure) {
    return box_office_report_step(&run->box_office, reader, &run->scratch, failure);
}

static bool box_office_is_done(const struct report_run *run) {
    return run->box_office.is_done;
}

static void write_drawer(struct fields *fields, const struct report_run *run,
                         const struct drawer *drawer) {
    write_operator(fields, &run->box_office.sales, drawer->operator);
    field_integer(fields, "shifts", drawer->shifts);
    field_integer(fields, "shifts_closed", drawer->shifts_closed);
    field_integer(fields, "opening_cash", drawer->opening_cash);
    field_integer(fields, "expected_cash", drawer->expected_cash);
    if (drawer->shifts_closed == 0) {
        field_null(fields, "counted_cash");
        field_null(fields, "difference");
    } else {
        field_integer(fields, "counted_cash", drawer->counted_cash);
        field_integer(fields, "difference", drawer->difference);
    }
}

static void write_rest_of_box_office(struct fields *fields, const struct report_run *run) {
    write_rest_of_sales(fields, run);
    json_name(fields->json, "drawers");
    json_array_begin(fields->json);
    for (size_t i = 0; i < run->box_office.drawers_count; i++) {
        json_object_begin(fields->json);
        write_drawer(fields, run, &run->box_office.drawers[i]);
        json_object_end(fields->json);
    }
    json_array_end(fields->json);
}

const struct report_kind report_of_box_office = {
    .begin = begin_box_office,
    .step = step_box_office,
    .is_done = box_office_is_done,
    .subject = subject_of_sales,
    .count = count_sales,
    .row = write_sales,
    .rest = write_rest_of_box_office,
};
