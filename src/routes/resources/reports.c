/* What was sold, taken back and left, in figures: GET /v1/reports/… */
#include "routes/callers/caller.h"
#include "routes/handlers.h"
#include "routes/list.h"
#include "routes/parts.h"
#include "routes/resources/report.h"

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
    asked->kind = &report_of_sales;
    return report_answer(call, asked);
}

struct answered route_inventory_report(struct call *call) {
    struct answered refused;
    struct report_asked *asked;
    if (!read_asked(call, PARAMETER_INTERVAL, &asked, &refused)) {
        return refused;
    }
    asked->kind = &report_of_inventory;
    return report_answer(call, asked);
}

/* Whoever sells sees what this operator sold, as in the list of sales. */
static void narrow_to_own(const struct call *call, struct sales_request *request) {
    struct instant since =
        instant_plus_seconds(clock_now(call->routes->clock), -(int64_t)OWN_SALES_SECONDS);
    request->filter.operator_id = call->caller.actor.id;
    request->subject.from = instant_later(request->subject.from, since);
}

struct answered route_box_office_report(struct call *call) {
    struct answered refused;
    struct report_asked *asked;
    if (!read_asked(call, 0, &asked, &refused)) {
        return refused;
    }
    if (call->reach == REACH_OWN) {
        narrow_to_own(call, &asked->sales);
    }
    asked->kind = &report_of_box_office;
    return report_answer(call, asked);
}
