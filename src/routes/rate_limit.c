#include "routes/rate_limit.h"

#include <stdlib.h>

#include "routes/buckets.h"

enum {
    SLOTS = 1 << 14, /* 256 KiB; more callers than that at once share buckets' fates */
    PER_KEY_DEFAULT = 10000,
    PER_ADDRESS_DEFAULT = 100,
    BURST_SECONDS = 2,
};

struct rate_limits {
    unsigned rates[RATE_OF_ADDRESS + 1];
    bool off, limit_loopback;
    struct buckets *buckets;
};

struct rate_limits *rate_limits_create(const struct rate_settings *settings) {
    struct rate_limits *limits = calloc(1, sizeof *limits);
    if (limits == NULL) {
        return NULL;
    }
    limits->buckets = buckets_create(SLOTS);
    if (limits->buckets == NULL) {
        free(limits);
        return NULL;
    }
    limits->rates[RATE_OF_KEY] = settings->per_key == 0 ? PER_KEY_DEFAULT : settings->per_key;
    limits->rates[RATE_OF_ADDRESS] =
        settings->per_address == 0 ? PER_ADDRESS_DEFAULT : settings->per_address;
    limits->off = settings->off;
    limits->limit_loopback = settings->limit_loopback;
    return limits;
}

void rate_limits_destroy(struct rate_limits *limits) {
    if (limits != NULL) {
        buckets_destroy(limits->buckets);
        free(limits);
    }
}

bool rate_limits_apply(const struct rate_limits *limits, struct text peer, bool via_unix_socket) {
    bool is_loopback =
        via_unix_socket || text_starts_with(peer, TEXT("127.")) || text_equals(peer, TEXT("::1"));
    return !limits->off && (limits->limit_loopback || !is_loopback);
}

struct rate_verdict rate_limits_take(struct rate_limits *limits, enum rate_kind kind,
                                     struct text name, int64_t now_us) {
    unsigned rate = limits->rates[kind];
    struct bucket_rate refill = {.each_us = rate >= 1000000 ? 1 : 1000000 / rate,
                                 .burst_us = (int64_t)BURST_SECONDS * 1000000};
    unsigned wait_seconds = buckets_take(limits->buckets, kind, name, refill, now_us);
    return (struct rate_verdict){
        .passed = wait_seconds == 0,
        .rate = rate,
        .burst = rate * BURST_SECONDS,
        .wait_seconds = wait_seconds,
    };
}
