#include "routes/follower.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/thread.h"

enum {
    COMPLAIN_EVERY_MS = 60 * 1000,
    /* The heads of RECENTLY_MAX types, or the row of one with its texts. */
    ROUND_BYTES_MAX = 1024 * 1024,
};

struct follower {
    struct follower_options with;
    struct store_reader *reader;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t stopped;
    bool is_stopping;

    /* Of the thread alone. */
    int pause_ms;
    int64_t keys_due_us, complaint_due_us, away_since_us; /* 0: it is not away */
};

/* --- a round ---------------------------------------------------------------- */

static enum error read_again(struct counts_board *board, struct store_reader *reader,
                             struct uuid id, struct failure *failure) {
    struct arena arena;
    struct type_reading reading;
    arena_init(&arena, ROUND_BYTES_MAX);
    struct counts_moment before = counts_board_moment(board);
    enum error error = reader_type(reader, id, &arena, &reading, failure);
    if (error == ERROR_NONE) {
        struct counts_entry entry = counts_entry_of(&reading);
        counts_board_put(board, &entry, before);
    }
    arena_finish(&arena);
    return error == ERROR_NOT_FOUND ? ERROR_NONE : error;
}

/* Confirms what is as it was; *changed are the others, in the heads' own memory. */
static size_t confirm(struct counts_board *board, const struct page *page,
                      struct counts_moment before) {
    struct type_head *heads = page->rows;
    size_t changed = 0;
    for (size_t i = 0; i < page->count; i++) {
        if (!counts_board_confirm(board, &heads[i], page->as_of, before)) {
            heads[changed++] = heads[i];
        }
    }
    return changed;
}

enum error follow_counts(struct counts_board *board, struct store_reader *reader,
                         struct failure *failure) {
    struct uuid ids[RECENTLY_MAX];
    size_t count = counts_board_followed(board, ids);
    if (count == 0) {
        return ERROR_NONE;
    }
    struct arena arena;
    struct page page;
    arena_init(&arena, ROUND_BYTES_MAX);
    struct counts_moment before = counts_board_moment(board);
    enum error error = reader_type_heads(reader, ids, count, &arena, &page, failure);
    size_t changed = error == ERROR_NONE ? confirm(board, &page, before) : 0;
    const struct type_head *heads = changed > 0 ? page.rows : NULL;
    for (size_t i = 0; i < changed; i++) {
        if (i < FOLLOW_READS_MAX && error == ERROR_NONE) {
            error = read_again(board, reader, heads[i].id, failure);
        } else {
            counts_board_drop(board, heads[i].id);
        }
    }
    arena_finish(&arena);
    return error;
}

/* --- the thread ------------------------------------------------------------- */

static enum error follow_keys(struct follower *follower, struct failure *failure) {
    if (monotonic_us() < follower->keys_due_us) {
        return ERROR_NONE;
    }
    enum error error = key_ring_refresh(follower->with.keys, follower->reader, failure);
    if (error == ERROR_NONE) {
        error = people_refresh(follower->with.people, follower->reader, failure);
    }
    if (error == ERROR_NONE) {
        follower->keys_due_us = monotonic_us() + FOLLOW_KEYS_EVERY_MS * INT64_C(1000);
    }
    return error;
}

static void note_success(struct follower *follower) {
    if (follower->away_since_us != 0) {
        log_line(LOG_INFO, "following_again", NULL);
    }
    follower->away_since_us = follower->complaint_due_us = 0;
    follower->pause_ms = FOLLOW_EVERY_MS;
}

static void note_failure(struct follower *follower, enum error error,
                         const struct failure *failure) {
    int64_t now_us = monotonic_us();
    if (follower->away_since_us == 0) {
        follower->away_since_us = now_us;
    }
    if (now_us >= follower->complaint_due_us) {
        follower->complaint_due_us = now_us + COMPLAIN_EVERY_MS * INT64_C(1000);
        log_line(LOG_WARNING, "following_failed", "error", error_name(error), "reason",
                 failure->sentence, NULL);
    }
    follower->pause_ms *= 2;
    if (follower->pause_ms > FOLLOW_EVERY_MAX_MS) {
        follower->pause_ms = FOLLOW_EVERY_MAX_MS;
    }
}

/* False: it was told to stop. */
static bool follower_pause(struct follower *follower) {
    struct timespec until = thread_after_ms(follower->pause_ms);
    int waited = 0;
    pthread_mutex_lock(&follower->lock);
    while (!follower->is_stopping && waited == 0) {
        waited = pthread_cond_timedwait(&follower->stopped, &follower->lock, &until);
    }
    bool goes_on = !follower->is_stopping;
    pthread_mutex_unlock(&follower->lock);
    return goes_on;
}

static void *follow(void *context) {
    struct follower *follower = context;
    do {
        struct failure failure = {.error = ERROR_NONE};
        enum error error = follow_counts(follower->with.board, follower->reader, &failure);
        if (error == ERROR_NONE) {
            error = follow_keys(follower, &failure);
        }
        if (error == ERROR_NONE) {
            note_success(follower);
        } else {
            note_failure(follower, error, &failure);
        }
    } while (follower_pause(follower));
    return NULL;
}

enum error follower_open(const struct follower_options *options, struct follower **opened,
                         struct failure *failure) {
    struct follower *follower = calloc(1, sizeof *follower);
    if (follower == NULL) {
        return failure_set(failure, ERROR_MEMORY, "There is no memory to follow other servers.");
    }
    follower->with = *options;
    follower->pause_ms = FOLLOW_EVERY_MS;
    follower->keys_due_us = monotonic_us() + FOLLOW_KEYS_EVERY_MS * INT64_C(1000);
    enum error error = store_open_reader(options->store, &follower->reader, failure);
    if (error != ERROR_NONE) {
        free(follower);
        return error;
    }
    pthread_mutex_init(&follower->lock, NULL);
    thread_condition_init(&follower->stopped);
    error = thread_start(&follower->thread, follow, follower, failure);
    if (error != ERROR_NONE) {
        pthread_cond_destroy(&follower->stopped);
        pthread_mutex_destroy(&follower->lock);
        store_reader_close(follower->reader);
        free(follower);
        return error;
    }
    *opened = follower;
    return ERROR_NONE;
}

void follower_close(struct follower *follower) {
    if (follower == NULL) {
        return;
    }
    pthread_mutex_lock(&follower->lock);
    follower->is_stopping = true;
    pthread_cond_signal(&follower->stopped);
    pthread_mutex_unlock(&follower->lock);
    pthread_join(follower->thread, NULL);
    pthread_cond_destroy(&follower->stopped);
    pthread_mutex_destroy(&follower->lock);
    store_reader_close(follower->reader);
    free(follower);
}
