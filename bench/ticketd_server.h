/* ticketd_server.h - the server under test, as its users start it, and how it is asked. */
#pragma once

#include "load.h"
#include "process.h"
#include "ticketd/ticketd.h"

struct ticketd_server {
    struct process process;
    const char *program; /* the ticketd binary */
    char database[256], log[256];
    char key[160], (*types)[TICKETD_ID_SIZE]; /* the first is the hot one */
    int types_count;
    int port;
    double start_ms; /* until it accepted a connection, after a clean stop */
};

struct ticketd_server_options {
    const char *program;
    const char *database; /* its URL; PostgreSQL: migrated */
    const char *log;      /* where it writes */
    int types_count;
};

/* Puts ticket types and a shop's key into the database, and serves it. False, with a line on
 * stderr, when that cannot be done. */
bool ticketd_server_start(struct ticketd_server *server,
                          const struct ticketd_server_options *options);
void ticketd_server_stop(struct ticketd_server *server);

/* Stops it cleanly and starts it again on the same database. */
bool ticketd_server_restart(struct ticketd_server *server);

/* The same in two steps: between them the database is nobody's. */
void ticketd_server_pause(struct ticketd_server *server);
bool ticketd_server_resume(struct ticketd_server *server);

/* Commits and commands so far, from /metrics. */
bool ticketd_server_counts(const struct ticketd_server *server, double *commits, double *commands);

/* A reservation of one ticket of the hot type, or of any, with a fresh idempotency key; a read of
 * what is available; a check of health. Contexts live in the server's struct. */
struct dialect ticketd_reserve_dialect(struct ticketd_server *server);
struct dialect ticketd_reserve_any_dialect(struct ticketd_server *server);
struct dialect ticketd_available_dialect(struct ticketd_server *server);
struct dialect ticketd_health_dialect(struct ticketd_server *server);
