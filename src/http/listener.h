/* listener.h - where clients knock. */
#pragma once

#include <stdint.h>

#include "base/failure.h"
#include "http/server.h"

struct loop;

/* `bound` says what it became. With `shared`, other loops listen there as well: the system
 * spreads the clients. */
MUST_USE enum error listener_open_tcp(struct loop *loop, const char *address, bool shared,
                                      char bound[HTTP_ADDRESS_SIZE], struct failure *failure);
MUST_USE enum error listener_open_unix(struct loop *loop, const char *path,
                                       struct failure *failure);

/* Memory was given back: clients that could not be taken in for want of it are taken in now. */
void listeners_answer(struct loop *loop);

/* All listeners of the loop. */
void listeners_close(struct loop *loop);
