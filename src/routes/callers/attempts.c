#include "routes/callers/attempts.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 1 << 12, PROBES = 8 }; /* 64 KiB */

/* A bucket is the time at which it will be full again; one that is full need not be kept. */
struct bucket {
    uint64_t name;
    int64_t full_at; /* monotonic microseconds */
};

struct attempts {
    pthread_mutex_t lock;
    unsigned char hash_key[crypto_shorthash_KEYBYTES]; /* nobody can aim at another's bucket */
    struct bucket buckets[SLOTS];
};

static const struct {
    int64_t each_us, burst;
} rates[] = {
    [ATTEMPT_OF_PLACE] = {ATTEMPT_OF_PLACE_EVERY_SECONDS * INT64_C(1000000), ATTEMPTS_OF_PLACE},
    [ATTEMPT_OF_ACCOUNT] = {ATTEMPT_OF_ACCOUNT_EVERY_SECONDS * INT64_C(1000000),
                            ATTEMPTS_OF_ACCOUNT},
    [ATTEMPT_OF_ADDRESS] = {ATTEMPT_OF_ADDRESS_EVERY_SECONDS * INT64_C(1000000),
                            ATTEMPTS_OF_ADDRESS},
};

struct attempts *attempts_create(void) {
    struct attempts *attempts = calloc(1, sizeof *attempts);
    if (attempts != NULL) {
        pthread_mutex_init(&attempts->lock, NULL);
        randombytes_buf(attempts->hash_key, sizeof attempts->hash_key);
    }
    return attempts;
}

void attempts_destroy(struct attempts *attempts) {
    if (attempts != NULL) {
        pthread_mutex_destroy(&attempts->lock);
        free(attempts);
    }
}

static uint64_t name_of(const struct attempts *attempts, enum attempt_kind kind, struct text name) {
    unsigned char digest[crypto_shorthash_BYTES];
    uint64_t hash;
    crypto_shorthash(digest, (const unsigned char *)name.bytes, name.length, attempts->hash_key);
    memcpy(&hash, digest, sizeof hash);
    return hash * 4 + kind;
}

/* The name's bucket; else the one near it that is full first. */
static struct bucket *bucket_of(struct attempts *attempts, uint64_t name) {
    struct bucket *best = &attempts->buckets[name % SLOTS];
    for (unsigned i = 0; i < PROBES; i++) {
        struct bucket *bucket = &attempts->buckets[(name + i) % SLOTS];
        if (bucket->name == name) {
            return bucket;
        }
        if (bucket->full_at < best->full_at) {
            best = bucket;
        }
    }
    *best = (struct bucket){.name = name};
    return best;
}

unsigned attempts_take(struct attempts *attempts, enum attempt_kind kind, struct text name,
                       int64_t now_us) {
    uint64_t hash = name_of(attempts, kind, name);
    pthread_mutex_lock(&attempts->lock);
    struct bucket *bucket = bucket_of(attempts, hash);
    int64_t full_at = (bucket->full_at < now_us ? now_us : bucket->full_at) + rates[kind].each_us;
    int64_t over_us = full_at - now_us - rates[kind].each_us * rates[kind].burst;
    if (over_us <= 0) {
        bucket->full_at = full_at;
    }
    pthread_mutex_unlock(&attempts->lock);
    return over_us <= 0 ? 0 : (unsigned)((over_us + 999999) / 1000000);
}

void attempts_give_back(struct attempts *attempts, enum attempt_kind kind, struct text name) {
    uint64_t hash = name_of(attempts, kind, name);
    pthread_mutex_lock(&attempts->lock);
    bucket_of(attempts, hash)->full_at -= rates[kind].each_us;
    pthread_mutex_unlock(&attempts->lock);
}
