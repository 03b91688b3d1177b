/* box_office_report.h - who took what at the box office, in which tender, and what must be in the
 * drawers?
 *
 * Sales and refunds of the channels box_office and comp, as sales_report.h has them; and the shifts
 * that were opened in the period, in the event's currency, whatever events they sold for. */
#pragma once

#include "store/sales_report.h"

/* The shifts of one operator. */
struct drawer {
    struct actor operator;
    int64_t shifts, shifts_closed;
    int64_t opening_cash, expected_cash;
    int64_t counted_cash, difference; /* of those that are closed */
};

enum { DRAWERS_MAX = 500 };

struct box_office_report {
    struct sales_report sales;
    struct drawer *drawers; /* in the order in which they were met, newest first */
    size_t drawers_count;
    bool is_done;
    struct list_position next; /* of the shifts */
};

/* Groups and channels of the request are set here. */
MUST_USE enum error box_office_report_begin(struct box_office_report *report,
                                            const struct sales_request *request,
                                            struct store_reader *reader, struct arena *arena,
                                            struct failure *failure);
MUST_USE enum error box_office_report_step(struct box_office_report *report,
                                           struct store_reader *reader, struct arena *scratch,
                                           struct failure *failure);
