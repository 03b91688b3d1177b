/* inventory_report.h - how many were there, sold and reserved, as time went by?
 *
 * In intervals: the counts at the end of each, found by bisection in the log of the ticket type,
 * and what was added to and taken off the total within it. Without one: each change of a ticket
 * type, the newest ones. Read step by step, each a short snapshot. */
#pragma once

#include "store/report_subject.h"

/* The counts of a ticket type at the end of an interval (what was at `at` itself is in the next
 * one) or after one change. */
struct inventory_step {
    struct instant at;
    struct uuid ticket_type_id;
    struct counts counts;
    int64_t increased, decreased;
};

struct inventory_report {
    struct report_subject subject;
    struct inventory_step *rows; /* by time, then in creation order of the types */
    size_t count;
    bool truncated; /* there were older changes */
    bool is_done;

    struct figures figures;
    struct list_position older; /* of changes: what is read next */
    size_t type_at, bucket_at;  /* of intervals */
    struct instant reached;
};

/* Reads what the report is about; it is done already where subject.fault says so. What has not come
 * yet is in no report: it ends now at the latest. */
MUST_USE enum error inventory_report_begin(struct inventory_report *report,
                                           const struct report_request *request,
                                           struct store_reader *reader, struct arena *arena,
                                           struct failure *failure);

/* One more step, until it is done; `scratch` is for that alone. */
MUST_USE enum error inventory_report_step(struct inventory_report *report,
                                          struct store_reader *reader, struct arena *scratch,
                                          struct failure *failure);
