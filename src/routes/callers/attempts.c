#include "routes/callers/attempts.h"

#include <stdlib.h>

#include "routes/buckets.h"

enum { SLOTS = 1 << 12 }; /* 64 KiB */

struct attempts {
    struct buckets *buckets;
};

#define RATE(count, seconds)                                                                       \
    { INT64_C(1000000) * (seconds), INT64_C(1000000) * (seconds) * (count) }
static const struct bucket_rate rates[] = {
    [ATTEMPT_OF_PLACE] = RATE(ATTEMPTS_OF_PLACE, ATTEMPT_OF_PLACE_EVERY_SECONDS),
    [ATTEMPT_OF_ACCOUNT] = RATE(ATTEMPTS_OF_ACCOUNT, ATTEMPT_OF_ACCOUNT_EVERY_SECONDS),
    [ATTEMPT_OF_ADDRESS] = RATE(ATTEMPTS_OF_ADDRESS, ATTEMPT_OF_ADDRESS_EVERY_SECONDS),
};

struct attempts *attempts_create(void) {
    struct attempts *attempts = calloc(1, sizeof *attempts);
    if (attempts != NULL && (attempts->buckets = buckets_create(SLOTS)) == NULL) {
        free(attempts);
        return NULL;
    }
    return attempts;
}

void attempts_destroy(struct attempts *attempts) {
    if (attempts != NULL) {
        buckets_destroy(attempts->buckets);
        free(attempts);
    }
}

unsigned attempts_take(struct attempts *attempts, enum attempt_kind kind, struct text name,
                       int64_t now_us) {
    return buckets_take(attempts->buckets, kind, name, rates[kind], now_us);
}

void attempts_give_back(struct attempts *attempts, enum attempt_kind kind, struct text name) {
    buckets_give_back(attempts->buckets, kind, name, rates[kind].each_us);
}
