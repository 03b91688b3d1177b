/* ticketd_server.h - the server under test, as its users start it, and how it is asked. */
#pragma once

#include "load.h"
#include "process.h"

struct ticketd_server {
    struct process process;
    const char *program; /* the ticketd binary */
    char database[256], log[256];
    char key[160], type_id[64];
    int port;
    double start_ms; /* until it accepted a connection, after a clean stop */
};

/* Makes a database with a hot ticket type and a shop's key, and serves it. False, with a line on
 * stderr, when that cannot be done. */
bool ticketd_server_start(struct ticketd_server *server, const char *program,
                          const char *directory);
void ticketd_server_stop(struct ticketd_server *server);

/* Stops it cleanly and starts it again on the same database. */
bool ticketd_server_restart(struct ticketd_server *server);

/* Commits and commands so far, from /metrics. */
bool ticketd_server_counts(const struct ticketd_server *server, double *commits, double *commands);

/* A reservation of one ticket with a fresh idempotency key; a read of what is available; a check of
 * health. Contexts live in the server's struct. */
struct dialect ticketd_reserve_dialect(struct ticketd_server *server);
struct dialect ticketd_available_dialect(struct ticketd_server *server);
struct dialect ticketd_health_dialect(struct ticketd_server *server);
