#include "samples.h"

#include <stdlib.h>

#include "base/check.h"

void samples_open(struct samples *samples) {
    *samples = (struct samples){.us = malloc(SAMPLES_MAX * sizeof *samples->us)};
    require(samples->us != NULL);
}

void samples_close(struct samples *samples) {
    free(samples->us);
    *samples = (struct samples){0};
}

void samples_add(struct samples *samples, int64_t us) {
    samples->count++;
    if (samples->kept < SAMPLES_MAX) {
        samples->us[samples->kept++] = us < 0 ? 0 : us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
    }
}

static int compare_us(const void *a, const void *b) {
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

double samples_at(struct samples *samples, double share) {
    if (samples->kept == 0) {
        return 0;
    }
    qsort(samples->us, samples->kept, sizeof *samples->us, compare_us);
    return samples->us[(size_t)(share * (double)(samples->kept - 1))];
}

void measure_samples(struct measure *measure, struct samples *samples, double seconds) {
    measure->rate = (double)samples->count / seconds;
    measure->p50_us = samples_at(samples, 0.5);
    measure->p99_us = samples_at(samples, 0.99);
}

void series_add(struct series *series, const struct measure *measure) {
    if (series->count < ROUNDS_MAX) {
        series->list[series->count++] = *measure;
    }
}

static int compare_numbers(const void *a, const void *b) {
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median(double *numbers, size_t count) {
    if (count == 0) {
        return 0;
    }
    qsort(numbers, count, sizeof *numbers, compare_numbers);
    return count % 2 == 1 ? numbers[count / 2] : (numbers[count / 2 - 1] + numbers[count / 2]) / 2;
}

struct measure series_median(const struct series *series) {
    double rate[ROUNDS_MAX], p50[ROUNDS_MAX], p99[ROUNDS_MAX], cpu[ROUNDS_MAX], batch[ROUNDS_MAX],
        database[ROUNDS_MAX];
    for (size_t i = 0; i < series->count; i++) {
        const struct measure *measure = &series->list[i];
        rate[i] = measure->rate;
        p50[i] = measure->p50_us;
        p99[i] = measure->p99_us;
        cpu[i] = measure->cpu_us;
        batch[i] = measure->batch;
        database[i] = measure->database_cpu_us;
    }
    return (struct measure){
        .rate = median(rate, series->count),
        .p50_us = median(p50, series->count),
        .p99_us = median(p99, series->count),
        .cpu_us = median(cpu, series->count),
        .database_cpu_us = median(database, series->count),
        .batch = median(batch, series->count),
    };
}
