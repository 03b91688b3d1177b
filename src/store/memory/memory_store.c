#include "store/memory/memory_store.h"

#include <stdlib.h>

#include "base/check.h"
#include "store/memory/rows.h"

/* One writer at a time has a batch under way, as if it had locked the whole store. */
void memory_begin(struct memory_writer *writer) {
    struct memory_store *store = writer->store;
    pthread_mutex_lock(&store->lock);
    require(store->writing != writer);
    while (store->writing != NULL) {
        pthread_cond_wait(&store->freed, &store->lock);
    }
    store->writing = writer;
    pthread_mutex_unlock(&store->lock);
}

void memory_end(struct memory_writer *writer) {
    struct memory_store *store = writer->store;
    pthread_mutex_lock(&store->lock);
    if (store->writing == writer) {
        store->writing = NULL;
        pthread_cond_signal(&store->freed);
    }
    pthread_mutex_unlock(&store->lock);
}

static void writer_close(struct store_writer *writer) {
    memory_end((struct memory_writer *)writer);
    free(writer);
}

static void writer_rollback(struct store_writer *writer) {
    memory_end((struct memory_writer *)writer);
}

static bool witness_is_there(const struct memory_store *store, const struct witness *witness) {
    switch (witness->kind) {
    case WITNESS_ENTRY: {
        const struct memory_type *type = memory_type(store, witness->ticket_type_id);
        if (type == NULL || witness->seq < 1 || (size_t)witness->seq > type->entries.count) {
            return false;
        }
        const struct audit_entry *entry = type->entries.list[witness->seq - 1];
        return uuid_equals(entry->id, witness->entry_id);
    }
    case WITNESS_IDEMPOTENCY:
        return memory_idempotency(store, witness->principal, witness->key) != NULL;
    case WITNESS_OTHER:
    case WITNESS_NONE:
        return false;
    }
    return false;
}

static enum error writer_settle(struct store_writer *writer, const struct witness *witness,
                                bool *committed, struct failure *failure) {
    struct memory_store *store = ((struct memory_writer *)writer)->store;
    pthread_mutex_lock(&store->lock);
    bool can_tell = store->faults.settles_unknown == 0;
    if (can_tell) {
        *committed = witness_is_there(store, witness);
    } else {
        store->faults.settles_unknown--;
    }
    pthread_mutex_unlock(&store->lock);
    return can_tell ? ERROR_NONE : failure_set(failure, ERROR_UNKNOWN, "a fault was asked for");
}

static bool writer_idle(struct store_writer *writer) {
    (void)writer; /* nothing to tidy up */
    return false;
}

enum { WRITERS_MAX = 64 }; /* they take turns: more than lanes are of no use */

static enum error open_writer(struct store *store, struct store_writer **writer,
                              struct failure *failure) {
    static const struct store_writer_operations operations = {
        .close = writer_close,
        .load = memory_load,
        .persist = memory_persist,
        .rollback = writer_rollback,
        .settle = writer_settle,
        .idle = writer_idle,
    };
    struct memory_writer *made = malloc(sizeof *made);
    if (made == NULL) {
        return failure_set(failure, ERROR_MEMORY, "no memory for a writer");
    }
    *made = (struct memory_writer){.port = {&operations}, .store = (struct memory_store *)store};
    *writer = &made->port;
    return ERROR_NONE;
}

static void close_store(struct store *port) {
    struct memory_store *store = (struct memory_store *)port;
    arena_finish(&store->arena);
    pthread_cond_destroy(&store->freed);
    pthread_mutex_destroy(&store->lock);
    free(store);
}

enum error memory_store_open(const struct store_options *options, struct store **opened,
                             struct failure *failure) {
    static const struct store_operations operations = {
        .close = close_store,
        .open_writer = open_writer,
        .open_reader = memory_open_reader,
    };
    struct memory_store *store = malloc(sizeof *store);
    if (store == NULL) {
        return failure_set(failure, ERROR_MEMORY, "no memory for a store");
    }
    *store = (struct memory_store){.port = {.operations = &operations, .writers_max = WRITERS_MAX},
                                   .clock = options->clock};
    if (store->clock.now == NULL) {
        store->clock = clock_system();
    }
    pthread_mutex_init(&store->lock, NULL);
    pthread_cond_init(&store->freed, NULL);
    arena_init(&store->arena, SIZE_MAX);
    store->newest_key = &store->oldest_key;
    *opened = &store->port;
    return ERROR_NONE;
}

enum error memory_load_fault(struct memory_store *store) {
    pthread_mutex_lock(&store->lock);
    enum error fault = store->faults.is_away ? ERROR_UNAVAILABLE : store->faults.load;
    store->faults.load = ERROR_NONE;
    pthread_mutex_unlock(&store->lock);
    return fault;
}

void memory_store_set_faults(struct store *store, const struct memory_faults *faults) {
    struct memory_store *self = (struct memory_store *)store;
    pthread_mutex_lock(&self->lock);
    self->faults = *faults;
    pthread_mutex_unlock(&self->lock);
}
