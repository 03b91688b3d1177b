/* thread.h - threads that signals leave alone, and waits that no clock on the wall can stretch. */
#pragma once

#include <pthread.h>
#include <time.h>

#include "base/failure.h"

/* pthread_create with all signals blocked. */
MUST_USE enum error thread_start(pthread_t *thread, void *(*work)(void *), void *context,
                                 struct failure *failure);

/* Its timed waits end by the monotonic clock: one that people set cannot stretch them. */
void thread_condition_init(pthread_cond_t *condition);

/* On that clock. */
struct timespec thread_after_ms(int ms);
