/* postgres_server.h - one PostgreSQL for both sides of the comparison.
 *
 * A cluster of the benchmark's own, in a folder and on a port of its own, with the durability that
 * PostgreSQL comes with (fsync and synchronous_commit on). Three databases of the same schema:
 * pgbench's, the server's and the engine's, since pgbench keeps no chain of hashes in the log. */
#pragma once

#include <stdbool.h>

#include "support/cluster.h"

struct postgres_server {
    struct cluster *cluster;
    char shop[DATABASE_URL_SIZE], served[DATABASE_URL_SIZE], embedded[DATABASE_URL_SIZE];
};

/* False, with a line on stderr, when it cannot be done. `program` is ticketd, which makes the
 * schema; the rows of pgbench's database come from shop.sql in `scripts`. */
bool postgres_server_start(struct postgres_server *server, const char *program,
                           const char *scripts);
void postgres_server_stop(struct postgres_server *server);

/* Makes one more database of that schema. */
bool postgres_server_add(struct postgres_server *server, const char *program,
                         char url[DATABASE_URL_SIZE]);

/* Processor time of all its processes so far, of those that have ended too. */
double postgres_server_cpu_us(const struct postgres_server *server);

/* "15.18" */
void postgres_server_version(const struct postgres_server *server, char *version, size_t size);
