/* engine.h - the engine without HTTP, in this process: what HTTP has to be compared with. */
#pragma once

#include "samples.h"

struct engine;

/* Makes a database in `directory` with one hot ticket type. NULL, and a line on stderr, when that
 * cannot be done. */
struct engine *engine_open(const char *directory);
void engine_close(struct engine *engine);

/* Reservations with an idempotency key each, `count` of them in flight at any time, sent by one
 * thread as an event loop would: the commit's thread hands outcomes back, the sender sends anew. */
void engine_in_flight(struct engine *engine, int count, double seconds, struct measure *measure);

/* The same through ticketd.h: so many threads that block. */
void engine_threads(struct engine *engine, int count, double seconds, struct measure *measure);
