/* report.h - a report on its way: read in steps on the readers' threads, in turns with others.
 *
 * A client that has left ends it at the next step. */
#pragma once

#include "routes/fields.h"
#include "routes/query.h"
#include "store/sales_report.h"

/* What a report is asked for, beside what sales_request says. */
struct report_request {
    struct sales_request sales;
    bool csv;
    /* The reply, when all has been read: `fields` of a row, and the members around them. */
    void (*row)(struct fields *fields, const struct sales_report *report,
                const struct figure *figure);
};

/* Answers the report. The request lives in the call's arena. */
struct answered report_answer(struct call *call, struct report_request *request);
