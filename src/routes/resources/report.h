/* report.h - a report on its way: read in steps on the readers' threads, in turns with others.
 *
 * A client that has left ends it at the next step. */
#pragma once

#include "routes/query.h"
#include "routes/wire/fields.h"
#include "store/box_office_report.h"
#include "store/inventory_report.h"
#include "store/sales_report.h"

/* What is asked for; in the call's arena. */
struct report_asked {
    const struct report_kind *kind;
    struct sales_request sales; /* of an inventory: its subject alone */
    bool csv;
};

struct report_run {
    struct report_asked *asked;
    struct arena arena, scratch; /* of the report; of one step */
    union {
        struct sales_report sales;
        struct inventory_report inventory;
        struct box_office_report box_office; /* begins with its sales */
    };
};

/* What a report is made of. */
struct report_kind {
    enum error (*begin)(struct report_run *run, struct store_reader *reader,
                        struct failure *failure);
    enum error (*step)(struct report_run *run, struct store_reader *reader,
                       struct failure *failure);
    bool (*is_done)(const struct report_run *run);
    const struct report_subject *(*subject)(const struct report_run *run);
    size_t (*count)(const struct report_run *run);
    /* A row; the one behind the last is the sample for the names of the columns. */
    void (*row)(struct fields *fields, const struct report_run *run, size_t index);
    /* Members beside the rows. */
    void (*rest)(struct fields *fields, const struct report_run *run);
};

extern const struct report_kind report_of_sales, report_of_inventory, report_of_box_office;

struct answered report_answer(struct call *call, struct report_asked *asked);
