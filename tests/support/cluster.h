/* cluster.h - a PostgreSQL of the test's own: made, stopped and started at will, and gone with it.
 *
 * It lives in a folder of its own, listens on a free port of 127.0.0.1 and on a
 * socket in that folder, and trusts whoever comes. As root it runs as the user
 * `postgres` (or `nobody`): PostgreSQL refuses root. However the test ends, the
 * servers are stopped and the folder is removed. A cluster belongs to one
 * thread, which outlives it: the kernel stops a server whose starter is gone. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/failure.h"
#include "support/database.h"

struct cluster;

struct cluster_options {
    /* Is made where it is not there, and is left with all that is in it when the cluster is closed;
     * a cluster already in it is started. NULL: a folder in $TMPDIR or /tmp, removed at close. */
    const char *folder;
    /* What a crash of the machine would test: fsync and full_page_writes on. Tests of logic do
     * without; synchronous_commit stays on in both. */
    bool is_durable;
    int port; /* 0: a free one */
    /* "name=value", NULL at the end, or NULL: after the defaults, so that these win. They stand in
     * postgresql.conf, below ALTER SYSTEM. */
    const char *const *settings;
    /* The maintenance URL of a running cluster: this one begins as its copy, a streaming standby
     * by `standby_name` (application_name; no spaces, or NULL). */
    const char *standby_of, *standby_name;
};

/* Makes it and starts it. Zero options are the defaults. ERROR_NOT_FOUND names the program that is
 * missing: those of $TICKETD_POSTGRES_BIN, or the newest below /usr/lib/postgresql. */
MUST_USE enum error cluster_open(const struct cluster_options *options, struct cluster **cluster,
                                 struct failure *failure);

/* Stops it (immediately, but a kept folder politely) and removes what it made. Accepts NULL. */
void cluster_close(struct cluster *cluster);

/* "postgres://postgres@127.0.0.1:PORT/postgres": the superuser, the maintenance database. */
const char *cluster_url(const struct cluster *cluster);
int cluster_port(const struct cluster *cluster);

/* Its data is in FOLDER/data, its log FOLDER/log, its socket FOLDER/.s.PGSQL.PORT. */
const char *cluster_folder(const struct cluster *cluster);

/* The postmaster; 0 while it is stopped. */
pid_t cluster_pid(const struct cluster *cluster);

enum cluster_stop {
    CLUSTER_SMART,     /* waits for the clients to leave */
    CLUSTER_FAST,      /* rolls back what is open */
    CLUSTER_IMMEDIATE, /* as a crash: recovery at the next start */
    CLUSTER_KILL,      /* kill -9 of the postmaster; its children notice and end */
};

/* Stops it and waits until it is gone. */
void cluster_stop(struct cluster *cluster, enum cluster_stop mode);

/* Starts it again, on the same port and with the same data; waits until it takes connections. */
MUST_USE enum error cluster_start(struct cluster *cluster, struct failure *failure);

/* A standby becomes a primary; waits until it is one. */
MUST_USE enum error cluster_promote(struct cluster *cluster, struct failure *failure);
