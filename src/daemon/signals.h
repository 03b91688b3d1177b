/* signals.h - a polite stop at the first SIGTERM or SIGINT, an immediate one at the second.
 *
 * A thread waits for the signals, so that no handler runs in the middle of
 * anything. SIGPIPE is ignored: a client that left is an error code. */
#pragma once

#include "base/failure.h"

struct signals;

/* Before any other thread is started: threads inherit that the signals are blocked. */
MUST_USE enum error signals_open(struct signals **signals, struct failure *failure);

/* From now on the first signal calls `stop` on a thread of its own; one that has come already
 * calls it at once. The second one ends the process with 128 + its number. */
MUST_USE enum error signals_watch(struct signals *signals, void (*stop)(void *context),
                                  void *context, struct failure *failure);

/* Accepts NULL. `stop` is not called any more; a signal that comes from here on ends the process.
 */
void signals_close(struct signals *signals);
