/* memory.h - how much the server keeps, and how soon it serves. */
#pragma once

#include "ticketd_server.h"

struct memory {
    double idle_mib;   /* resident, with 10,000 idle connections */
    double growth_mib; /* more resident after 1,000,000 reservations than after 200,000 */
    double start_ms;   /* after a clean stop */
};

/* Restarts the server first. False, with a line on stderr, when it cannot be measured. */
bool memory_measure(struct ticketd_server *server, struct memory *memory);
