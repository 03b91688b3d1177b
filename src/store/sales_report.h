/* sales_report.h - what was sold and taken back, by what and when?
 *
 * A sale counts when it was completed, with its quantity and price; a refund when it was made. Read
 * step by step, each a short snapshot, so that it may take long and be left at any time; what has
 * been sold and taken back does not change any more, so that steps agree with each other. What was
 * sold before ticketd and has no sale of its own has neither time nor price: it is in no report. */
#pragma once

#include "store/report_subject.h"

struct sales_report {
    struct report_subject subject;
    struct figures figures;
    struct figure totals;
    bool is_done;

    /* Those there are, where operators are told apart. */
    const struct api_key *keys;
    const struct staff *staff;
    size_t keys_count, staff_count;

    size_t type_at; /* what is read next */
    bool at_refunds;
    struct instant reached;
};

struct sales_request {
    struct report_request subject;
    unsigned groups; /* of enum grouping */
    struct figures_filter filter;
};

/* Reads what the report is about; it is done already where subject.fault says so. */
MUST_USE enum error sales_report_begin(struct sales_report *report,
                                       const struct sales_request *request,
                                       struct store_reader *reader, struct arena *arena,
                                       struct failure *failure);

/* One more step, until it is done; `scratch` is for that alone. */
MUST_USE enum error sales_report_step(struct sales_report *report, struct store_reader *reader,
                                      struct arena *scratch, struct failure *failure);

/* Absent where it is not known. */
struct text sales_report_operator_name(const struct sales_report *report, struct actor operator);

/* Sales say who sold, not of what kind that is. */
enum actor_kind sales_report_operator_kind(const struct sales_report *report,
                                           struct actor operator);
