#include "routes/buckets.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { PROBES = 8 };

/* The time at which it will be full again. */
struct bucket {
    uint64_t name;
    int64_t full_at; /* monotonic microseconds */
};

struct buckets {
    pthread_mutex_t lock;
    unsigned char hash_key[crypto_shorthash_KEYBYTES];
    unsigned slots;
    struct bucket list[];
};

struct buckets *buckets_create(unsigned slots) {
    struct buckets *buckets = calloc(1, sizeof *buckets + slots * sizeof buckets->list[0]);
    if (buckets != NULL) {
        pthread_mutex_init(&buckets->lock, NULL);
        randombytes_buf(buckets->hash_key, sizeof buckets->hash_key);
        buckets->slots = slots;
    }
    return buckets;
}

void buckets_destroy(struct buckets *buckets) {
    if (buckets != NULL) {
        pthread_mutex_destroy(&buckets->lock);
        free(buckets);
    }
}

static uint64_t name_of(const struct buckets *buckets, unsigned kind, struct text name) {
    unsigned char digest[crypto_shorthash_BYTES];
    uint64_t hash;
    crypto_shorthash(digest, (const unsigned char *)name.bytes, name.length, buckets->hash_key);
    memcpy(&hash, digest, sizeof hash);
    return hash * BUCKET_KINDS_MAX + kind;
}

/* The name's bucket; else the one near it that is full, or the first to be. */
static struct bucket *bucket_of(struct buckets *buckets, uint64_t name) {
    struct bucket *best = &buckets->list[name % buckets->slots];
    for (unsigned i = 0; i < PROBES; i++) {
        struct bucket *bucket = &buckets->list[(name + i) % buckets->slots];
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

unsigned buckets_take(struct buckets *buckets, unsigned kind, struct text name,
                      struct bucket_rate rate, int64_t now_us) {
    uint64_t hash = name_of(buckets, kind, name);
    pthread_mutex_lock(&buckets->lock);
    struct bucket *bucket = bucket_of(buckets, hash);
    int64_t full_at = (bucket->full_at < now_us ? now_us : bucket->full_at) + rate.each_us;
    int64_t over_us = full_at - now_us - rate.burst_us;
    if (over_us <= 0) {
        bucket->full_at = full_at;
    }
    pthread_mutex_unlock(&buckets->lock);
    return over_us <= 0 ? 0 : (unsigned)((over_us + 999999) / 1000000);
}

void buckets_give_back(struct buckets *buckets, unsigned kind, struct text name, int64_t each_us) {
    uint64_t hash = name_of(buckets, kind, name);
    pthread_mutex_lock(&buckets->lock);
    bucket_of(buckets, hash)->full_at -= each_us;
    pthread_mutex_unlock(&buckets->lock);
}
