/* What was sold, in figures: GET /v1/reports/… */
#include "routes/caller.h"
#include "routes/handlers.h"
#include "routes/list.h"
#include "routes/parts.h"
#include "routes/report.h"
#include "routes/rows.h"

static void write_operator(struct fields *fields, const struct sales_report *report,
                           struct actor operator_) {
    fields_group(fields, "operator");
    field_text(fields, "kind", actor_kind_name(sales_report_operator_kind(report, operator_)));
    field_uuid(fields, "id", operator_.id);
    fields_group_end(fields);
    field_text(fields, "operator_name", sales_report_operator_name(report, operator_));
}

/* Each column is there in all rows, or in none. */
static void write_row(struct fields *fields, const struct sales_report *report,
                      const struct figure *figure) {
    unsigned groups = report->request.groups;
    if (report->request.interval != INTERVAL_NONE) {
        field_instant(fields, "from", report->figures.borders[figure->bucket]);
        field_instant(fields, "to", sales_report_bucket_end(report, figure->bucket));
    }
    if ((groups & GROUP_TYPE) != 0) {
        field_uuid(fields, "ticket_type_id", figure->ticket_type_id);
        field_text(fields, "ticket_type_name",
                   sales_report_type_name(report, figure->ticket_type_id));
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

/* False: *refused says why. */
static bool read_request(struct call *call, unsigned parameters, struct report_request **request,
                         struct query *query, struct answered *refused) {
    *request = arena_new(call_arena(call), struct report_request);
    if (*request == NULL) {
        *refused = call_refuse(call, PROBLEM_PAYLOAD_TOO_LARGE, NULL);
        return false;
    }
    if (!query_read(call, parameters | PARAMETERS_OF_REPORT | PARAMETER_FORMAT, query, refused)) {
        return false;
    }
    const struct list_filter *filter = &query->filter;
    if (uuid_is_none(filter->event_id) && uuid_is_none(filter->ticket_type_id)) {
        struct fault fault = {TEXT("event_id"), "required",
                              TEXT("A report is of an event or of a ticket type."), NULL};
        *refused = call_refuse_faults(call, &fault);
        return false;
    }
    (*request)->csv = query->format_is_given ? query->csv : list_wants_csv(call);
    (*request)->row = write_row;
    (*request)->sales = (struct sales_request){
        .event_id = filter->event_id,
        .ticket_type_id = filter->ticket_type_id,
        .from = filter->from,
        .to = filter->to,
        .interval = query->interval,
        .groups = query->groups,
        .time_zone = query->time_zone,
        .filter = {.channel = filter->channel, .tender = filter->tender},
    };
    return true;
}

struct answered route_sales_report(struct call *call) {
    struct answered refused;
    struct report_request *request;
    struct query query;
    unsigned parameters =
        PARAMETER_GROUP_BY | PARAMETER_INTERVAL | PARAMETER_CHANNEL | PARAMETER_TENDER;
    return read_request(call, parameters, &request, &query, &refused) ? report_answer(call, request)
                                                                      : refused;
}
