#include "domain/counts.h"

#include "domain/limits.h"

int64_t counts_available(struct counts counts) {
    return (int64_t)counts.total - counts.sold - counts.reserved;
}

bool counts_are_valid(struct counts counts) {
    return counts.total >= 0 && counts.sold >= 0 && counts.reserved >= 0 &&
           counts_available(counts) >= 0;
}

static bool moved(int32_t before, int64_t delta, int32_t *after) {
    return !__builtin_add_overflow((int64_t)before, delta, after);
}

bool counts_apply(struct counts before, struct counts_delta delta, struct counts *after) {
    struct counts result;
    if (!moved(before.total, delta.total, &result.total) ||
        !moved(before.sold, delta.sold, &result.sold) ||
        !moved(before.reserved, delta.reserved, &result.reserved) || !counts_are_valid(result)) {
        return false;
    }
    *after = result;
    return true;
}

bool amount_of(int64_t quantity, int64_t unit_price, int64_t *amount) {
    int64_t product;
    if (__builtin_mul_overflow(quantity, unit_price, &product) || product > AMOUNT_MAX) {
        return false;
    }
    *amount = product;
    return true;
}
