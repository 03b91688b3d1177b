/* pgbench.h - the database alone, asked by PostgreSQL's own load generator. */
#pragma once

#include "samples.h"

struct pgbench {
    const char *url, *script;
    const char *directory; /* where it may write */
    int connections;
    int types; /* each transaction takes one of so many ticket types */
    double seconds;
};

/* Statements are prepared. Fills rate and percentiles. False, with a line on stderr, when pgbench
 * or a transaction fails. */
bool pgbench_run(const struct pgbench *pgbench, struct measure *measure);
