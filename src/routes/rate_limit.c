#include "routes/rate_limit.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

enum {
    SLOTS = 1 << 14, /* 256 KiB; more callers than that at once share buckets' fates */
    PROBES = 8,
    PER_KEY_DEFAULT = 10000,
    PER_ADDRESS_DEFAULT = 100,
    BURST_SECONDS = 2,
};

struct bucket {
    uint64_t name;
    int64_t full_at; /* monotonic microseconds */
};

struct rate_limits {
    pthread_mutex_t lock;
    unsigned rates[RATE_OF_ADDRESS + 1];
    bool off, limit_loopback;
    unsigned char hash_key[crypto_shorthash_KEYBYTES]; /* nobody can aim at another's bucket */
    struct bucket buckets[SLOTS];
};

struct rate_limits *rate_limits_create(const struct rate_settings *settings) {
    struct rate_limits *limits = calloc(1, sizeof *limits);
    if (limits == NULL) {
        return NULL;
    }
    pthread_mutex_init(&limits->lock, NULL);
    limits->rates[RATE_OF_KEY] = settings->per_key == 0 ? PER_KEY_DEFAULT : settings->per_key;
    limits->rates[RATE_OF_ADDRESS] =
        settings->per_address == 0 ? PER_ADDRESS_DEFAULT : settings->per_address;
    limits->off = settings->off;
    limits->limit_loopback = settings->limit_loopback;
    randombytes_buf(limits->hash_key, sizeof limits->hash_key);
    return limits;
}

void rate_limits_destroy(struct rate_limits *limits) {
    if (limits != NULL) {
        pthread_mutex_destroy(&limits->lock);
        free(limits);
    }
}

bool rate_limits_apply(const struct rate_limits *limits, struct text peer, bool via_unix_socket) {
    bool is_loopback =
        via_unix_socket || text_starts_with(peer, TEXT("127.")) || text_equals(peer, TEXT("::1"));
    return !limits->off && (limits->limit_loopback || !is_loopback);
}

/* The name's bucket; else the one near it that is full, or the nearest to it. */
static struct bucket *bucket_of(struct rate_limits *limits, uint64_t name) {
    struct bucket *best = &limits->buckets[name % SLOTS];
    for (unsigned i = 0; i < PROBES; i++) {
        struct bucket *bucket = &limits->buckets[(name + i) % SLOTS];
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

struct rate_verdict rate_limits_take(struct rate_limits *limits, enum rate_kind kind,
                                     struct text name, int64_t now_us) {
    unsigned char digest[crypto_shorthash_BYTES];
    uint64_t hash;
    crypto_shorthash(digest, (const unsigned char *)name.bytes, name.length, limits->hash_key);
    memcpy(&hash, digest, sizeof hash);
    unsigned rate = limits->rates[kind];
    int64_t each_us = rate >= 1000000 ? 1 : 1000000 / rate;
    int64_t burst_us = (int64_t)BURST_SECONDS * 1000000;

    pthread_mutex_lock(&limits->lock);
    struct bucket *bucket = bucket_of(limits, hash);
    int64_t full_at = (bucket->full_at < now_us ? now_us : bucket->full_at) + each_us;
    int64_t over_us = full_at - now_us - burst_us;
    if (over_us <= 0) {
        bucket->full_at = full_at;
    }
    pthread_mutex_unlock(&limits->lock);

    return (struct rate_verdict){
        .passed = over_us <= 0,
        .rate = rate,
        .burst = rate * BURST_SECONDS,
        .wait_seconds = over_us <= 0 ? 0 : (unsigned)((over_us + 999999) / 1000000),
    };
}
