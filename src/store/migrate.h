/* migrate.h - what makes a database one of this version's form?
 *
 * A file is brought to it whenever a server opens it, too. A PostgreSQL database
 * is shared: only this changes its schema, in one transaction, as the owner of
 * its tables; and where a shop's application made the founding tables, it adopts
 * them. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "base/failure.h"

struct migrate_options {
    bool dry_run;            /* print the plan and change nothing */
    bool accept_differences; /* of reserved and sold with the reservations that are there */
    const char *currency;    /* of events that are there already; NULL: EUR */
    const char *time_zone;   /* likewise, an IANA name; NULL: UTC */
    FILE *out;               /* where the plan is written */
};

struct migrate_result {
    bool was_current; /* there was nothing to do */
    bool blocked;     /* the plan cannot be carried out; it says why, and nothing was done */
};

/* Makes the schema, brings an older one up, or adopts what is there: all of it, or nothing. Two at
 * a time do not hurt each other: the second finds nothing left to do. A plan that cannot be carried
 * out is no error: it is printed, with what stands in its way. */
MUST_USE enum error store_migrate(const char *url, const struct migrate_options *options,
                                  struct migrate_result *result, struct failure *failure);
