/* subjects.h - what is measured, and how. */
#pragma once

#include "samples.h"
#include "stand.h"

/* Neighbours here are neighbours in time: what is compared stands together. */
enum subject_id {
    FLOOR,
    HTTP_1,
    HTTP_64,
    REDIS_64,
    ENGINE_64,
    WRK_64,
    HTTP_256,
    REDIS_256,
    ENGINE_256,
    THREADS_64,
    REDIS_1,
    AVAILABLE,
    HEALTH,

    HOT_USUAL_1,
    HOT_SINGLE_1,
    HOT_HTTP_1,
    HOT_USUAL_16,
    HOT_SINGLE_16,
    HOT_HTTP_16,
    HOT_USUAL_64,
    HOT_SINGLE_64,
    HOT_HTTP_64,
    HOT_WRK_64,
    HOT_ENGINE_64,
    ANY_USUAL_1,
    ANY_SINGLE_1,
    ANY_HTTP_1,
    ANY_USUAL_16,
    ANY_SINGLE_16,
    ANY_HTTP_16,
    ANY_USUAL_64,
    ANY_SINGLE_64,
    ANY_HTTP_64,
    ANY_ENGINE_64,
    SUBJECTS_COUNT
};

struct subject {
    const char *what;
    int count; /* requests at a time */
    bool (*run)(struct stand *stand, const struct subject *subject, struct measure *measure);
    int types;          /* of PostgreSQL's; 0: another store */
    const char *script; /* pgbench's */
};

extern const struct subject subjects[SUBJECTS_COUNT];

/* A load on a ticketd server, with the processor time and the commits that it took; `postgres` is
 * what it works on, NULL: a file. */
bool subject_measure_http(struct ticketd_server *server, const struct postgres_server *postgres,
                          const struct load *load, struct measure *measure);
