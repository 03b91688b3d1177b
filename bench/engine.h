/* engine.h - the engine without HTTP, in this process: what HTTP has to be compared with. */
#pragma once

#include "samples.h"

struct engine;

/* Makes ticket types in the database of this URL. NULL, and a line on stderr, when that cannot be
 * done. */
struct engine *engine_open(const char *database, int types_count);
void engine_close(struct engine *engine);

struct flight_plan {
    int count; /* reservations in flight at any time */
    int types; /* of so many ticket types, each as likely as the others */
    double seconds;
};

/* Reservations with an idempotency key each, sent by one thread as an event loop would: the
 * commit's thread hands outcomes back, the sender sends anew. */
void engine_in_flight(struct engine *engine, const struct flight_plan *plan,
                      struct measure *measure);

/* The same of the hot ticket type through ticketd.h: so many threads that block. */
void engine_threads(struct engine *engine, int count, double seconds, struct measure *measure);
