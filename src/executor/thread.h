/* thread.h - a thread that signals leave alone: they are for the thread that handles them. */
#pragma once

#include <pthread.h>

#include "base/failure.h"

/* pthread_create with all signals blocked. */
MUST_USE enum error thread_start(pthread_t *thread, void *(*work)(void *), void *context,
                                 struct failure *failure);
