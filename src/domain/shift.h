/* shift.h - one operator's time at a till, and what must be in its drawer (R17).
 *
 * A shift is open until it is closed, and does not change any more then. Its totals are kept by
 * tender and move with the audit entries that name the shift, in the same transaction. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/instant.h"
#include "base/text.h"
#include "base/uuid.h"
#include "domain/actor.h"
#include "domain/event.h"
#include "domain/limits.h"

enum {
    SHIFT_TENDERS_MAX = 32, /* that one shift may meet: cash, card and a few more */
};

/* Of the cash counted, and of each of a shift's sums: what is made of four of them is exact in
 * JSON. */
#define SHIFT_MONEY_MAX (AMOUNT_MAX / 4)

struct shift {
    struct uuid id;
    struct actor operator;
    struct text terminal, note; /* note: or absent */
    struct currency currency;
    int64_t opening_cash;
    int64_t expected_cash, counted_cash; /* once it is closed */
    struct instant opened_at, closed_at; /* closed_at: none while it is open */
};

/* What was taken and given back in one tender. */
struct shift_total {
    struct text tender; /* absent: none, as where the price was 0 */
    int64_t sales;      /* orders, not tickets */
    int64_t tickets_sold, tickets_refunded;
    int64_t gross, refunds; /* minor units */
};

/* A shift with its totals, by tender. */
struct shift_reading {
    struct shift row;
    const struct shift_total *totals; /* ascending by tender, none first */
    size_t totals_count;
};

/* opening + cash sales - cash refunds: what its drawer must hold now. Below zero where more was
 * given back in cash than was there. */
int64_t shift_expected_cash(const struct shift_reading *shift);

/* The sum over all tenders. */
struct shift_total shift_sum(const struct shift_reading *shift);
