#include "daemon/signals.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/instant.h"
#include "base/log.h"

/* By which signals_close() ends the thread; from outside it means nothing. */
enum { WAKE_UP = SIGUSR1 };

/* timeout(1) signals its child and then the group the child is in; a shell passes on what the
 * terminal sent to all. Within this time one signal twice is one signal. */
enum { ECHO_US = 1000000 };

struct signals {
    sigset_t set;
    pthread_t thread;
    bool watching;
    bool stopping; /* the thread's; the others' once it has been joined */
    atomic_bool closing;
    void (*stop)(void *context);
    void *context;
};

static const char *name_of(int number) {
    return number == SIGTERM ? "SIGTERM" : "SIGINT";
}

/* The next signal that ends something; 0: signals_close(). */
static int next_signal(struct signals *signals) {
    int number = 0;
    while (!atomic_load(&signals->closing)) {
        if (sigwait(&signals->set, &number) == 0 && number != WAKE_UP) {
            return number;
        }
    }
    return 0;
}

/* The signal that ends what the first one would have ended politely; 0: signals_close(). */
static int second_signal(struct signals *signals, int first) {
    int64_t began_us = monotonic_us();
    int number;
    do {
        number = next_signal(signals);
    } while (number == first && monotonic_us() - began_us < ECHO_US);
    return number;
}

static void *wait_for_signals(void *context) {
    struct signals *signals = context;
    int number = next_signal(signals);
    if (number == 0) {
        return NULL;
    }
    signals->stopping = true;
    log_line(LOG_INFO, "stopping", "signal", name_of(number), NULL);
    signals->stop(signals->context);
    number = second_signal(signals, number);
    if (number != 0) {
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
    sigaddset(&made->set, WAKE_UP);
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
        atomic_store(&signals->closing, true);
        pthread_kill(signals->thread, WAKE_UP);
        pthread_join(signals->thread, NULL);
    }
    if (!signals->stopping) { /* else an echo of the signal would end what is being closed */
        sigdelset(&signals->set, WAKE_UP); /* one from outside must not end the process now */
        pthread_sigmask(SIG_UNBLOCK, &signals->set, NULL);
    }
    free(signals);
}
