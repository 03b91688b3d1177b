/* buckets.h - has somebody asked too often? Token buckets by name, in a table of fixed size.
 *
 * A bucket holds `burst_us` worth of requests and gains one in each `each_us`. It is one number,
 * the time at which it will be full again (GCRA), and one that is full need not be kept. Where more
 * names than fit ask at once, they share buckets' fates. Nobody can aim at another's: names are
 * hashed under a key of the process. Any thread. */
#pragma once

#include <stdint.h>

#include "base/text.h"

enum { BUCKET_KINDS_MAX = 4 };

struct buckets;

struct bucket_rate {
    int64_t each_us, burst_us;
};

/* NULL: no memory. */
struct buckets *buckets_create(unsigned slots);
void buckets_destroy(struct buckets *buckets);

/* Takes one from the bucket of this kind and name. 0, or after how many seconds there is one again:
 * then nothing was taken. */
unsigned buckets_take(struct buckets *buckets, unsigned kind, struct text name,
                      struct bucket_rate rate, int64_t now_us);

void buckets_give_back(struct buckets *buckets, unsigned kind, struct text name, int64_t each_us);
