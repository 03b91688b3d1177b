#include "executor/outage.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/log.h"

void outage_init(struct outage *outage) {
    pthread_mutex_init(&outage->lock, NULL);
    atomic_init(&outage->goes_on, false);
}

void outage_finish(struct outage *outage) {
    pthread_mutex_destroy(&outage->lock);
}

void outage_note(struct outage *outage, const struct failure *failure, int64_t now_us) {
    pthread_mutex_lock(&outage->lock);
    if (!outage_goes_on(outage)) {
        outage->since_us = now_us;
    }
    outage->failure = *failure;
    atomic_store_explicit(&outage->goes_on, true, memory_order_relaxed);
    pthread_mutex_unlock(&outage->lock);
}

void outage_end(struct outage *outage, int64_t now_us) {
    if (!outage_goes_on(outage)) {
        return;
    }
    pthread_mutex_lock(&outage->lock);
    int64_t away_ms = (now_us - outage->since_us) / 1000;
    atomic_store_explicit(&outage->goes_on, false, memory_order_relaxed);
    pthread_mutex_unlock(&outage->lock);
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, away_ms);
    log_line(LOG_INFO, "store_is_back", "away_ms", text, NULL);
}

bool outage_read(struct outage *outage, struct failure *failure, int64_t *since_us) {
    pthread_mutex_lock(&outage->lock);
    bool goes_on = outage_goes_on(outage);
    if (goes_on) {
        *failure = outage->failure;
        *since_us = outage->since_us;
    }
    pthread_mutex_unlock(&outage->lock);
    return goes_on;
}
