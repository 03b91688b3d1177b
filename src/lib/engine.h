/* engine.h - what stands behind the opaque handle of ticketd.h. */
#pragma once

#include "base/arena.h"
#include "domain/limits.h"
#include "executor/executor.h"
#include "lib/reader_pool.h"
#include "store/store.h"
#include "ticketd/ticketd.h"

struct ticketd {
    struct store *store;
    struct executor *executor; /* NULL: opened read-only */
    struct reader_pool readers;
    struct currency currency; /* of new events that name none */
    char time_zone[TIME_ZONE_CHARACTERS_MAX + 1];
};
