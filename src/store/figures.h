/* figures.h - sums of what was sold, taken back and changed, in groups and in spans of time.
 *
 * A report asks for groups; the stores add movements, one by one or summed already. What a report
 * holds is decided here, the same for every store. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/instant.h"
#include "base/map.h"
#include "domain/actor.h"
#include "domain/audit_entry.h"

/* What tells the groups apart, beside the bucket of time. */
enum grouping {
    GROUP_TYPE = 1 << 0,
    GROUP_CHANNEL = 1 << 1,
    GROUP_TENDER = 1 << 2,
    GROUP_OPERATOR = 1 << 3,
};

/* "channel,tender": one or two of ticket_type, channel, tender, operator. False: it is not so. */
bool groups_parse(struct text text, unsigned *groups);

enum { FIGURES_MAX = 2000 }; /* buckets and groups of one report: some 600 KB as JSON */

/* One group in one bucket; what is not grouped by is none. Money in minor units. */
struct figure {
    size_t bucket;
    struct uuid ticket_type_id;
    enum channel channel;
    struct text tender;
    struct actor operator; /* kind 0: not known */
    int64_t tickets_sold, tickets_refunded;
    int64_t gross, refunds;
    int64_t increased, decreased; /* of the total */
};

struct figures_filter {
    enum channel channel; /* none: any */
    bool at_box_office;   /* channels box_office and comp */
    struct text tender;   /* absent: any */
    struct uuid operator_id;
};

struct figures {
    struct arena *arena;
    const struct instant *borders; /* buckets begin there, ascending; at least one */
    size_t borders_count;
    unsigned groups;
    bool of_totals; /* increases and decreases, too, and whatever is not of them is left out */
    struct figures_filter filter;

    struct figure *list; /* in the order in which they were met */
    size_t count;
    bool overflowed; /* there are more than FIGURES_MAX: the report must ask for less */
    bool spent;      /* the arena is */
    struct map places;
    struct figure *latest; /* of the movement before: mostly of the next one, too */
};

/* Sales at completed_at, or entries of the log at created_at. `at` is within the borders. */
struct movement {
    struct uuid ticket_type_id;
    struct instant at;
    enum action action; /* sale, refund, increase or decrease */
    enum channel channel;
    struct text tender;
    struct actor operator;
    int64_t tickets, amount;
    int64_t increased, decreased;
};

/* False: the arena is spent. The other members of *figures are set by the caller, before. */
bool figures_begin(struct figures *figures);

void figures_add(struct figures *figures, const struct movement *movement);

/* By bucket; within one by what is grouped by, unset first. */
void figures_sort(struct figures *figures);
