#include "daemon/signals.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"

struct signals {
    sigset_t set;
    pthread_t thread;
    bool watching;
    void (*stop)(void *context);
    void *context;
};

static const char *name_of(int number) {
    return number == SIGTERM ? "SIGTERM" : "SIGINT";
}

/* sigwait() is where signals_close() may cancel this thread, and the only such place: stop() is
 * not interrupted. */
static void *wait_for_signals(void *context) {
    struct signals *signals = context;
    int number;
    if (sigwait(&signals->set, &number) == 0) {
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
        log_line(LOG_INFO, "stopping", "signal", name_of(number), NULL);
        signals->stop(signals->context);
        pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
    }
    if (sigwait(&signals->set, &number) == 0) {
        log_line(LOG_WARNING, "stopped_at_once", "signal", name_of(number), NULL);
        _exit(128 + number);
    }
    return NULL;
}

enum error signals_open(struct signals **signals, struct failure *failure) {
    struct signals *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return failure_set(failure, ERROR_MEMORY, "Out of memory.");
    }
    sigemptyset(&made->set);
    sigaddset(&made->set, SIGTERM);
    sigaddset(&made->set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &made->set, NULL);
    signal(SIGPIPE, SIG_IGN);
    *signals = made;
    return ERROR_NONE;
}

enum error signals_watch(struct signals *signals, void (*stop)(void *context), void *context,
                         struct failure *failure) {
    signals->stop = stop;
    signals->context = context;
    if (pthread_create(&signals->thread, NULL, wait_for_signals, signals) != 0) {
        return failure_set(failure, ERROR_UNAVAILABLE, "The system gives no further thread.");
    }
    signals->watching = true;
    return ERROR_NONE;
}

void signals_close(struct signals *signals) {
    if (signals == NULL) {
        return;
    }
    if (signals->watching) {
        pthread_cancel(signals->thread);
        pthread_join(signals->thread, NULL);
    }
    pthread_sigmask(SIG_UNBLOCK, &signals->set, NULL);
    free(signals);
}
