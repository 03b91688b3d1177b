/* bouncer.h - a PgBouncer in transaction mode before a cluster: its clients share few connections,
 * and have another one for each transaction. */
#pragma once

#include "support/cluster.h"

struct bouncer;

/* Starts it as an unprivileged user, in a folder of its own, on a free port. ERROR_NOT_FOUND: it is
 * not installed. */
MUST_USE enum error bouncer_open(const struct cluster *cluster, struct bouncer **bouncer,
                                 struct failure *failure);

/* Accepts NULL. */
void bouncer_close(struct bouncer *bouncer);

/* The URL of a database of the cluster, by way of it. */
void bouncer_url(const struct bouncer *bouncer, const char *database, char url[DATABASE_URL_SIZE]);
