/* live.h - shoppers who come to the demonstration while it is watched.
 *
 * A gentle trickle over HTTP, as a web shop sends it: some pay, some empty their cart, some are
 * never seen again; now and then many come at once. What is sold out gets a few more tickets now
 * and then, so that there is always something to see. Has a thread of its own. */
#pragma once

#include "daemon/demo/history.h"

struct demo_live;

/* `address` is the server's, "127.0.0.1:8080". NULL: there is no thread for it. */
struct demo_live *demo_live_open(const struct demo_history *history, const char *address);

/* They leave. Accepts NULL. */
void demo_live_close(struct demo_live *live);
