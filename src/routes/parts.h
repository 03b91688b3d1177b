/* parts.h - what the routes are made of; one of each for the whole process. */
#pragma once

#include <stdatomic.h>

#include "routes/callers/attempts.h"
#include "routes/callers/client.h"
#include "routes/callers/key_ring.h"
#include "routes/callers/names.h"
#include "routes/callers/password.h"
#include "routes/callers/people.h"
#include "routes/follower.h"
#include "routes/live/counts_board.h"
#include "routes/live/feed.h"
#include "routes/metrics.h"
#include "routes/rate_limit.h"
#include "routes/reader_pool.h"
#include "routes/router.h"
#include "routes/routes.h"

struct http_server;

struct routes {
    struct routes_options options;
    struct clock clock;
    struct instant opened_at; /* by the system's clock */
    struct router router;
    struct proxies proxies;    /* that are trusted */
    struct executor *executor; /* NULL until routes_attach() */
    const struct http_server *server;
    struct key_ring *keys;
    struct people *people;
    struct names names; /* of these two */
    struct passwords *passwords;
    struct attempts *attempts; /* to sign in */
    struct counts_board *board;
    struct feed *feed;
    struct follower *follower; /* NULL where no other server writes to the store */
    struct reader_pool *readers;
    struct rate_limits *limits;
    struct metrics *metrics;
    uint64_t request_seed; /* of the ids that requests without one get */
    atomic_uint_fast64_t requests;
    atomic_uint exports;               /* CSV exports and reports under way */
    atomic_int_fast64_t complained_us; /* when a failing store was last logged */
};
