#include "executor/thread.h"

#include <signal.h>
#include <string.h>

enum error thread_start(pthread_t *thread, void *(*work)(void *), void *context,
                        struct failure *failure) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int problem = pthread_create(thread, NULL, work, context);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (problem != 0) {
        return failure_set(failure, ERROR_UNAVAILABLE, "cannot start a thread: %s",
                           strerror(problem));
    }
    return ERROR_NONE;
}
