#include "routes/callers/key_ring.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/log.h"
#include "executor/executor.h"
#include "store/reader.h"

enum {
    SLOTS_FIRST = 64,
    TOUCH_SECONDS = 60,
    /* One key is about 200 bytes, its events 16 each: some 10,000 keys. */
    KEYS_BYTES_MAX = 64 * 1024 * 1024,
};

/* Open addressing; a slot once filled stays. A full table is followed by one of twice the size, and
 * kept, because a reader may still look through it. */
struct table {
    size_t capacity; /* a power of two */
    struct table *older;
    _Atomic(struct key_record *) slots[];
};

struct key_ring {
    pthread_mutex_t lock; /* of those who change it */
    struct arena arena;   /* the records */
    _Atomic(struct table *) table;
    size_t count;
};

static struct table *table_create(size_t capacity, struct table *older) {
    struct table *table = calloc(1, sizeof *table + capacity * sizeof table->slots[0]);
    if (table != NULL) {
        table->capacity = capacity;
        table->older = older;
    }
    return table;
}

static void table_put(struct table *table, struct key_record *record) {
    size_t at = uuid_hash(record->id) & (table->capacity - 1);
    while (atomic_load_explicit(&table->slots[at], memory_order_relaxed) != NULL) {
        at = (at + 1) & (table->capacity - 1);
    }
    atomic_store_explicit(&table->slots[at], record, memory_order_release);
}

static struct key_record *find(const struct key_ring *ring, struct uuid id) {
    struct table *table = atomic_load_explicit(&ring->table, memory_order_acquire);
    for (size_t at = uuid_hash(id) & (table->capacity - 1);;
         at = (at + 1) & (table->capacity - 1)) {
        struct key_record *record = atomic_load_explicit(&table->slots[at], memory_order_acquire);
        if (record == NULL || uuid_equals(record->id, id)) {
            return record;
        }
    }
}

const struct key_record *key_ring_find(const struct key_ring *ring, struct uuid id) {
    return find(ring, id);
}

bool key_record_is_revoked(const struct key_record *key) {
    return atomic_load_explicit(&key->revoked_at, memory_order_acquire) != INT64_MIN;
}

/* False: no memory. Half of the slots stay free, so that a search ends soon. */
static bool make_room(struct key_ring *ring) {
    struct table *table = atomic_load_explicit(&ring->table, memory_order_relaxed);
    if (ring->count * 2 < table->capacity) {
        return true;
    }
    struct table *larger = table_create(table->capacity * 2, table);
    if (larger == NULL) {
        return false;
    }
    for (size_t i = 0; i < table->capacity; i++) {
        struct key_record *record = atomic_load_explicit(&table->slots[i], memory_order_relaxed);
        if (record != NULL) {
            table_put(larger, record);
        }
    }
    atomic_store_explicit(&ring->table, larger, memory_order_release);
    return true;
}

static bool ring_add(struct key_ring *ring, const struct api_key *key) {
    struct key_record *record = arena_new(&ring->arena, struct key_record);
    struct uuid *events = arena_array(&ring->arena, struct uuid, key->events_count);
    struct text name = arena_copy(&ring->arena, key->name);
    bool is_spent = text_is_absent(name) && !text_is_absent(key->name);
    if (record == NULL || events == NULL || is_spent || !make_room(ring)) {
        return false;
    }
    if (key->events_count > 0) {
        memcpy(events, key->events, key->events_count * sizeof *events);
    }
    record->id = key->id;
    record->name = name;
    record->role = key->role;
    record->events = events;
    record->events_count = key->events_count;
    memcpy(record->secret_hash, key->secret_hash, KEY_HASH_SIZE);
    record->expires_at = key->expires_at;
    atomic_init(&record->revoked_at, key->revoked_at.us);
    atomic_init(&record->last_used_at, key->last_used_at.us);
    table_put(atomic_load_explicit(&ring->table, memory_order_relaxed), record);
    ring->count++;
    return true;
}

/* A revocation is for good; a reading that is older than it changes nothing. */
static void take_over(struct key_ring *ring, const struct api_key *key) {
    struct key_record *record = find(ring, key->id);
    if (record == NULL && !ring_add(ring, key)) {
        log_line(LOG_ERROR, "key_ring_full", "effect",
                 "a new key is not known until the next start", NULL);
    }
    if (record == NULL) {
        return;
    }
    if (!instant_is_none(key->revoked_at)) {
        atomic_store_explicit(&record->revoked_at, key->revoked_at.us, memory_order_release);
    }
    int_fast64_t last = atomic_load_explicit(&record->last_used_at, memory_order_relaxed);
    while (last < key->last_used_at.us &&
           !atomic_compare_exchange_weak(&record->last_used_at, &last, key->last_used_at.us)) {
    }
}

void key_ring_on_commit(struct key_ring *ring, const struct world *world) {
    for (const struct world_api_key *key = world->api_keys; key != NULL; key = key->next) {
        if (key->state != ROW_LOADED) {
            pthread_mutex_lock(&ring->lock);
            take_over(ring, &key->row);
            pthread_mutex_unlock(&ring->lock);
        }
    }
}

/* --- last use --------------------------------------------------------------- */

static void on_touched(struct submission *submission, const struct outcome *outcome) {
    (void)outcome; /* a lost note of use is made up for a minute later */
    free(submission);
}

void key_ring_touch(struct key_ring *ring, struct executor *executor, const struct key_record *key,
                    struct instant now) {
    int_fast64_t last = atomic_load_explicit(&key->last_used_at, memory_order_relaxed);
    if (last != INT64_MIN && now.us < last + (int64_t)TOUCH_SECONDS * 1000000 && now.us >= last) {
        return;
    }
    struct key_record *record = find(ring, key->id);
    /* Of two threads that are here at once, one goes on. */
    if (!atomic_compare_exchange_strong(&record->last_used_at, &last, now.us)) {
        return;
    }
    struct submission *submission = calloc(1, sizeof *submission);
    if (submission == NULL) {
        return;
    }
    submission->command = (struct command){
        .kind = COMMAND_KEY_TOUCH,
        .caller = {.role = ROLE_ADMIN, .actor = ACTOR_NONE},
        .of.api_key.key = {.id = key->id, .last_used_at = now},
    };
    submission->on_done = on_touched;
    executor_submit_internal(executor, submission);
}

/* --- life ------------------------------------------------------------------- */

enum error key_ring_refresh(struct key_ring *ring, struct store_reader *reader,
                            struct failure *failure) {
    struct arena arena;
    struct page page;
    arena_init(&arena, KEYS_BYTES_MAX);
    enum error error = reader_api_keys(reader, &arena, &page, failure);
    const struct api_key *keys = error == ERROR_NONE ? page.rows : NULL;
    pthread_mutex_lock(&ring->lock);
    for (size_t i = 0; error == ERROR_NONE && i < page.count; i++) {
        take_over(ring, &keys[i]);
    }
    pthread_mutex_unlock(&ring->lock);
    arena_finish(&arena);
    return error;
}

static enum error read_keys(struct store *store, struct key_ring *ring, struct failure *failure) {
    struct store_reader *reader;
    enum error error = store_open_reader(store, &reader, failure);
    if (error == ERROR_NONE) {
        error = key_ring_refresh(ring, reader, failure);
        store_reader_close(reader);
    }
    return error;
}

enum error key_ring_open(struct store *store, struct key_ring **out, struct failure *failure) {
    struct key_ring *ring = calloc(1, sizeof *ring);
    struct table *table = table_create(SLOTS_FIRST, NULL);
    if (ring == NULL || table == NULL) {
        free(ring);
        free(table);
        return failure_set(failure, ERROR_MEMORY, "There is no memory for the API keys.");
    }
    pthread_mutex_init(&ring->lock, NULL);
    arena_init(&ring->arena, KEYS_BYTES_MAX);
    atomic_init(&ring->table, table);
    enum error error = read_keys(store, ring, failure);
    if (error != ERROR_NONE) {
        key_ring_close(ring);
        return error;
    }
    *out = ring;
    return ERROR_NONE;
}

void key_ring_close(struct key_ring *ring) {
    if (ring == NULL) {
        return;
    }
    for (struct table *table = atomic_load(&ring->table); table != NULL;) {
        struct table *older = table->older;
        free(table);
        table = older;
    }
    pthread_mutex_destroy(&ring->lock);
    arena_finish(&ring->arena);
    free(ring);
}
