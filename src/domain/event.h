/* event.h - an event and the venue it takes place at. Descriptive: counts live with ticket types.
 */
#pragma once

#include <stdbool.h>

#include "base/instant.h"
#include "base/text.h"
#include "base/uuid.h"

/* ISO 4217, upper case, NUL-terminated. */
struct currency {
    char code[4];
};

/* How many decimals its amounts are written with: 2 of EUR, 0 of JPY, 3 of KWD. */
unsigned currency_decimals(struct currency currency);

struct venue {
    struct uuid id;
    struct text name, address, time_zone;               /* address, time_zone: or absent */
    struct instant created_at, updated_at, archived_at; /* archived_at: or none */
    int64_t version;                                    /* 1 when made, one more for each change */
};

struct event {
    struct uuid id, venue_id;                 /* venue_id: or none */
    struct text name, description, image_url; /* description, image_url: or absent */
    struct text time_zone;                    /* IANA name */
    struct currency currency;
    struct instant start_date, end_date; /* end_date: or none */
    struct instant created_at, updated_at, archived_at;
    int64_t version;
    bool published, featured;
};

/* The last instant at which the public may still buy (R15): end_date, else start_date. */
struct instant event_end(const struct event *event);
