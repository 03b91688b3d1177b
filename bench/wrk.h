/* wrk.h - a look from outside: the same reservations, asked by wrk. */
#pragma once

#include "samples.h"
#include "ticketd_server.h"

/* False, with a line on stderr, when wrk fails or gets an answer that is not 201. `scripts` is
 * where reserve_wrk.lua lies. */
bool wrk_reserve(const struct ticketd_server *server, const char *scripts, int connections,
                 double seconds, struct measure *measure);
