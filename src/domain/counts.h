/* counts.h - how many are there, how many are left? (R1)
 *
 * The only place that computes `available` and the only one that moves a count. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct counts {
    int32_t total, sold, reserved;
};

/* A change of the three counts; see R10 for the delta of each action. */
struct counts_delta {
    int64_t total, sold, reserved;
};

/* Total less sold less reserved. */
int64_t counts_available(struct counts counts);

/* 0 <= sold, 0 <= reserved, sold + reserved <= total. */
bool counts_are_valid(struct counts counts);

/* True and *after where the result is valid; false, with *after untouched, where it is not. */
bool counts_apply(struct counts before, struct counts_delta delta, struct counts *after);

/* quantity * unit price, false where it passes AMOUNT_MAX. */
bool amount_of(int64_t quantity, int64_t unit_price, int64_t *amount);
