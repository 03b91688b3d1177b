/* stand.h - everything that is measured, running side by side on this machine. */
#pragma once

#include "engine.h"
#include "postgres_server.h"
#include "redis_server.h"
#include "ticketd_server.h"

enum { TYPES_COUNT = 1000 };

struct stand {
    const char *program, *scripts; /* ticketd; the folder of this benchmark's own files */
    char directory[64];
    double seconds; /* of one measurement */
    struct ticketd_server ticketd, ticketd_postgres;
    struct redis_server redis;
    struct postgres_server postgres;
    struct engine *engine, *engine_postgres;
};

/* Makes the directory alone. */
bool stand_open_directory(struct stand *stand);

/* Makes the directory and starts all of it. False, with a line on stderr, when that cannot be done:
 * to be closed all the same. */
bool stand_open(struct stand *stand);
void stand_close(struct stand *stand);
