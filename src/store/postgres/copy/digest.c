#include "store/postgres/copy/digest.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

void digest_add(struct digest *digest, const void *row, size_t length) {
    static const unsigned char key[crypto_shorthash_siphashx24_KEYBYTES];
    uint64_t hash[2];
    static_assert(sizeof hash == crypto_shorthash_siphashx24_BYTES, "two words");
    crypto_shorthash_siphashx24((unsigned char *)hash, row, length, key);
    digest->sum[0] += hash[0];
    digest->sum[1] += hash[1];
    digest->rows++;
}

bool digest_equals(const struct digest *a, const struct digest *b) {
    return a->rows == b->rows && memcmp(a->sum, b->sum, sizeof a->sum) == 0;
}
