/* samples.h - how long requests took, and what a run of them amounts to. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SAMPLES_MAX = 1 << 20, ROUNDS_MAX = 15 };

/* Microseconds, as they come; those past SAMPLES_MAX are counted but not kept. */
struct samples {
    uint32_t *us;
    size_t kept;
    uint64_t count;
};

void samples_open(struct samples *samples);
void samples_close(struct samples *samples);
void samples_add(struct samples *samples, int64_t us);

/* Of what was kept, sorted on the way; `share` 0.5 is the median. 0 where there is none. */
double samples_at(struct samples *samples, double share);

/* One run, or the median of several. 0: not measured. */
struct measure {
    double rate;            /* a second */
    double p50_us, p99_us;  /* of one request, as its client sees it */
    double cpu_us;          /* of the server, for each request */
    double database_cpu_us; /* of PostgreSQL, likewise */
    double batch;           /* commands that share a commit */
};

/* Fills rate and percentiles. */
void measure_samples(struct measure *measure, struct samples *samples, double seconds);

struct series {
    struct measure list[ROUNDS_MAX];
    size_t count;
};

void series_add(struct series *series, const struct measure *measure);

/* Each number's own median. */
struct measure series_median(const struct series *series);
