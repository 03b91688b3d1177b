/* sales_report.h - what was sold and taken back, by what and when?
 *
 * A sale counts when it was completed, with its quantity and price; a refund when it was made. Read
 * step by step, each a short snapshot, so that it may take long and be left at any time; what has
 * been sold and taken back does not change any more, so that steps agree with each other. What was
 * sold before ticketd and has no sale of its own has neither time nor price: it is in no report. */
#pragma once

#include "base/calendar.h"
#include "store/reader.h"

struct sales_request {
    struct uuid event_id, ticket_type_id; /* at least one */
    struct instant from, to;              /* none: since there are ticket types; until now */
    enum interval interval;
    unsigned groups;       /* of enum grouping */
    struct text time_zone; /* absent: the event's */
    struct figures_filter filter;
};

/* Why there can be no such report. */
enum report_fault {
    REPORT_SOUND,
    REPORT_ZONE_UNKNOWN,
    REPORT_ENDS_EARLY, /* `to` is not after `from` */
    REPORT_TOO_LARGE,  /* more than FIGURES_MAX rows: a longer interval or a shorter period */
};

struct sales_report {
    struct sales_request request;
    struct arena *arena;
    struct event event;
    const struct type_reading *types; /* of the event, in creation order */
    size_t types_count;
    struct text time_zone;
    struct instant from, to;
    struct figures figures;
    struct figure totals;
    enum report_fault fault;
    const struct api_key *keys; /* those there are, where operators are told apart */
    size_t keys_count;

    size_t type_at; /* what is read next */
    bool at_refunds, is_done;
    struct instant reached;
};

/* Reads what the report is about. ERROR_NOT_FOUND: there is no such event or ticket type. Texts of
 * the request and the arena outlive the report. */
MUST_USE enum error sales_report_begin(struct sales_report *report,
                                       const struct sales_request *request,
                                       struct store_reader *reader, struct arena *arena,
                                       struct failure *failure);

/* One more step; `scratch` is for that alone. Done, or at fault, when report->is_done. */
MUST_USE enum error sales_report_step(struct sales_report *report, struct store_reader *reader,
                                      struct arena *scratch, struct failure *failure);

/* When a bucket ends. */
struct instant sales_report_bucket_end(const struct sales_report *report, size_t bucket);

/* The name of the ticket type, and of the operator; absent where it is not known. */
struct text sales_report_type_name(const struct sales_report *report, struct uuid type);
struct text sales_report_operator_name(const struct sales_report *report, struct actor operator_);

/* Sales say who sold, not of what kind that is. */
enum actor_kind sales_report_operator_kind(const struct sales_report *report,
                                           struct actor operator_);
