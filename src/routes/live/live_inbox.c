#include "routes/live/live_inbox.h"

#include <stdlib.h>

#include "base/thread.h"

bool live_inbox_init(struct live_inbox *inbox) {
    pthread_mutex_init(&inbox->lock, NULL);
    thread_condition_init(&inbox->came);
    inbox->joins_end = &inbox->joins;
    inbox->news = calloc(NEWS_MAX, sizeof *inbox->news);
    inbox->spare = calloc(NEWS_MAX, sizeof *inbox->spare);
    return inbox->news != NULL && inbox->spare != NULL;
}

void live_inbox_finish(struct live_inbox *inbox) {
    pthread_cond_destroy(&inbox->came);
    pthread_mutex_destroy(&inbox->lock);
    free(inbox->news);
    free(inbox->spare);
}

/* With the lock. */
static void wake(struct live_inbox *inbox) {
    if (!inbox->is_woken) {
        inbox->is_woken = true;
        pthread_cond_signal(&inbox->came);
    }
}

/* --- what is watched ----------------------------------------------------------------------- */

static uint64_t bit_of(struct uuid event_id, size_t *word) {
    uint64_t hash = uuid_hash(event_id);
    *word = hash / 64 % (WATCHED_BITS / 64);
    return UINT64_C(1) << hash % 64;
}

void live_inbox_watch(struct live_inbox *inbox, struct uuid event_id) {
    size_t word;
    uint64_t bit = bit_of(event_id, &word);
    atomic_fetch_or(&inbox->watched[word], bit);
}

void live_watched_add(struct live_watched *watched, struct uuid event_id) {
    size_t word;
    uint64_t bit = bit_of(event_id, &word);
    watched->bits[word] |= bit;
}

void live_inbox_watch_only(struct live_inbox *inbox, const struct live_watched *watched) {
    for (size_t i = 0; i < WATCHED_BITS / 64; i++) {
        atomic_store(&inbox->watched[i], watched->bits[i]);
    }
}

/* --- bringing in ----------------------------------------------------------------------------- */

void live_inbox_put(struct live_inbox *inbox, const struct counts_entry *entry) {
    size_t word;
    uint64_t bit = bit_of(entry->event_id, &word);
    if ((atomic_load(&inbox->watched[word]) & bit) == 0) {
        return;
    }
    pthread_mutex_lock(&inbox->lock);
    if (inbox->news_count < NEWS_MAX) {
        inbox->news[inbox->news_count++] = *entry;
    } else {
        inbox->news_lost = true;
    }
    wake(inbox);
    pthread_mutex_unlock(&inbox->lock);
}

/* With the lock. Of a stream that has not joined yet it is heard when it does. */
static void list_told(struct live_inbox *inbox, struct viewer *viewer) {
    if (viewer->told.has_joined && !viewer->told.is_listed && !viewer->told.over) {
        viewer->told.is_listed = true;
        viewer->told.next = inbox->told;
        inbox->told = viewer;
        wake(inbox);
    }
}

void live_inbox_join(struct live_inbox *inbox, struct viewer *viewer) {
    pthread_mutex_lock(&inbox->lock);
    viewer->next = NULL;
    *inbox->joins_end = viewer;
    inbox->joins_end = &viewer->next;
    viewer->told.has_joined = true;
    if (viewer->told.left || viewer->told.stops) {
        list_told(inbox, viewer);
    }
    wake(inbox);
    pthread_mutex_unlock(&inbox->lock);
}

void live_inbox_tell(struct live_inbox *inbox, struct viewer *viewer,
                     enum http_stream_event event) {
    pthread_mutex_lock(&inbox->lock);
    viewer->told.left |= event == HTTP_STREAM_GONE || event == HTTP_STREAM_MUTE;
    viewer->told.stops |= event == HTTP_STREAM_STOP;
    list_told(inbox, viewer);
    pthread_mutex_unlock(&inbox->lock);
}

void live_inbox_stop(struct live_inbox *inbox) {
    pthread_mutex_lock(&inbox->lock);
    inbox->is_stopping = true;
    pthread_cond_signal(&inbox->came);
    pthread_mutex_unlock(&inbox->lock);
}

/* --- taking out ------------------------------------------------------------------------------ */

struct live_arrivals live_inbox_take(struct live_inbox *inbox) {
    pthread_mutex_lock(&inbox->lock);
    struct counts_entry *news = inbox->news;
    struct live_arrivals arrivals = {
        .news = news,
        .news_count = inbox->news_count,
        .news_lost = inbox->news_lost,
        .joins = inbox->joins,
        .told = inbox->told,
    };
    inbox->news = inbox->spare;
    inbox->spare = news;
    inbox->news_count = 0;
    inbox->joins = inbox->told = NULL;
    inbox->joins_end = &inbox->joins;
    inbox->news_lost = inbox->is_woken = false;
    pthread_mutex_unlock(&inbox->lock);
    return arrivals;
}

struct told live_inbox_heard(struct live_inbox *inbox, struct viewer *viewer) {
    pthread_mutex_lock(&inbox->lock);
    struct told told = {viewer->told.left, viewer->told.stops};
    viewer->told.is_listed = false;
    pthread_mutex_unlock(&inbox->lock);
    return told;
}

void live_inbox_forget(struct live_inbox *inbox, struct viewer *viewer) {
    pthread_mutex_lock(&inbox->lock);
    viewer->told.over = true;
    for (struct viewer **at = &inbox->told; *at != NULL;) {
        if (*at == viewer) {
            *at = viewer->told.next;
        } else {
            at = &(*at)->told.next;
        }
    }
    pthread_mutex_unlock(&inbox->lock);
}

bool live_inbox_wait(struct live_inbox *inbox, int ms) {
    struct timespec until = thread_after_ms(ms < 0 ? 0 : ms);
    int waited = ms == 0 ? 1 : 0;
    pthread_mutex_lock(&inbox->lock);
    while (!inbox->is_woken && !inbox->is_stopping && waited == 0) {
        waited = ms < 0 ? pthread_cond_wait(&inbox->came, &inbox->lock)
                        : pthread_cond_timedwait(&inbox->came, &inbox->lock, &until);
    }
    bool goes_on = !inbox->is_stopping;
    pthread_mutex_unlock(&inbox->lock);
    return goes_on;
}
