/* limits.h - the numbers of the rules (docs/rules.md). */
#pragma once

#include <stdint.h>

#define COUNT_MAX  INT32_MAX                /* counts are INTEGER in every store */
#define PRICE_MAX  INT32_MAX                /* so is a price, in minor units */
#define AMOUNT_MAX ((INT64_C(1) << 53) - 1) /* exact in JSON readers that use doubles */

enum {
    CART_LINES_MAX = 50,               /* R2 */
    RESERVATION_SECONDS_DEFAULT = 900, /* R13: 15 minutes */
    RESERVATION_SECONDS_MAX = 7200,    /* R13: 2 hours from its creation, extended or not */
    REASON_CHARACTERS_MIN = 3,         /* R9, once trimmed */
    REASON_CHARACTERS_MAX = 500,
    NAME_CHARACTERS_MAX = 200,
    DESCRIPTION_CHARACTERS_MAX = 5000,
    ADDRESS_CHARACTERS_MAX = 500,
    URL_CHARACTERS_MAX = 2000,
    ORDER_ID_CHARACTERS_MAX = 200,
    TENDER_CHARACTERS_MAX = 40,
    TERMINAL_CHARACTERS_MAX = 100,
    TIME_ZONE_CHARACTERS_MAX = 64,
    IDEMPOTENCY_KEY_CHARACTERS_MAX = 255,
    KEY_EVENTS_MAX = 100, /* events that one API key may be scoped to */

    EXPIRED_PER_BATCH_MAX = 4096, /* expiries that one commit writes, so that none grows long */
    PRUNE_ROWS_MAX = 1000,        /* idempotency keys that one COMMAND_PRUNE forgets */
};
