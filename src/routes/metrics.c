#include "routes/metrics.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>

typedef atomic_uint_fast64_t counter;

static const int statuses[] = {200, 201, 409, 304, 404, 422, 400, 401, 403, 405, 408, 412,
                               413, 414, 415, 417, 428, 429, 431, 500, 501, 503, 505};
static const double seconds[] = {0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                 0.05,    0.1,    0.25,  0.5,    1.0,   2.5,  10.0};
enum {
    STATUSES = sizeof statuses / sizeof *statuses,
    BUCKETS = sizeof seconds / sizeof *seconds,
};

struct route_counters {
    counter replies[STATUSES + 1]; /* the last: any other status */
    counter took[BUCKETS + 1];     /* the last: longer */
    counter took_us;
};

struct metrics {
    struct route_counters routes[ROUTES_MAX + 1]; /* the last: no route */
    counter problems[PROBLEMS_COUNT];
};

struct metrics *metrics_create(void) {
    return calloc(1, sizeof(struct metrics));
}

void metrics_destroy(struct metrics *metrics) {
    free(metrics);
}

static void add(counter *to, uint64_t amount) {
    atomic_fetch_add_explicit(to, amount, memory_order_relaxed);
}

static uint64_t read_counter(const counter *from) {
    return atomic_load_explicit(from, memory_order_relaxed);
}

void metrics_count_reply(struct metrics *metrics, const struct router *router,
                         const struct route *route, int status, int64_t took_us) {
    size_t index = route == NULL ? ROUTES_MAX : (size_t)(route - router->routes);
    struct route_counters *counters = &metrics->routes[index];
    size_t at = 0;
    while (at < STATUSES && statuses[at] != status) {
        at++;
    }
    add(&counters->replies[at], 1);
    size_t bucket = 0;
    while (bucket < BUCKETS && (double)took_us > seconds[bucket] * 1e6) {
        bucket++;
    }
    add(&counters->took[bucket], 1);
    add(&counters->took_us, took_us < 0 ? 0 : (uint64_t)took_us);
}

void metrics_count_problem(struct metrics *metrics, enum problem problem) {
    add(&metrics->problems[problem], 1);
}

/* --- the page ------------------------------------------------------------------------------ */

static const char *name_of(const struct router *router, size_t index) {
    return index == ROUTES_MAX ? "none" : router->routes[index].name;
}

static void write_replies(const struct metrics *metrics, const struct router *router, FILE *page) {
    fputs("# HELP ticketd_http_requests_total Requests answered, by operation and status.\n"
          "# TYPE ticketd_http_requests_total counter\n",
          page);
    for (size_t i = 0; i <= ROUTES_MAX; i++) {
        for (size_t k = 0; k <= STATUSES; k++) {
            uint64_t count = read_counter(&metrics->routes[i].replies[k]);
            if (count > 0) {
                fprintf(page,
                        "ticketd_http_requests_total{route=\"%s\",status=\"%d\"} %" PRIu64 "\n",
                        name_of(router, i), k == STATUSES ? 0 : statuses[k], count);
            }
        }
    }
}

static void write_times(const struct metrics *metrics, const struct router *router, FILE *page) {
    static const char metric[] = "ticketd_http_request_seconds";
    fprintf(page,
            "# HELP %s From the last byte of the request to the answer.\n# TYPE %s histogram\n",
            metric, metric);
    for (size_t i = 0; i <= ROUTES_MAX; i++) {
        const struct route_counters *counters = &metrics->routes[i];
        uint64_t sum = 0, count = 0;
        for (size_t k = 0; k <= BUCKETS; k++) {
            count += read_counter(&counters->took[k]);
        }
        if (count == 0) {
            continue;
        }
        const char *name = name_of(router, i);
        for (size_t k = 0; k < BUCKETS; k++) {
            sum += read_counter(&counters->took[k]);
            fprintf(page, "%s_bucket{route=\"%s\",le=\"%g\"} %" PRIu64 "\n", metric, name,
                    seconds[k], sum);
        }
        fprintf(page, "%s_bucket{route=\"%s\",le=\"+Inf\"} %" PRIu64 "\n", metric, name, count);
        fprintf(page, "%s_sum{route=\"%s\"} %.6f\n", metric, name,
                (double)read_counter(&counters->took_us) / 1e6);
        fprintf(page, "%s_count{route=\"%s\"} %" PRIu64 "\n", metric, name, count);
    }
}

void metrics_write(const struct metrics *metrics, const struct router *router, FILE *page) {
    write_replies(metrics, router, page);
    write_times(metrics, router, page);
    fputs("# HELP ticketd_refusals_total Requests answered with a problem, by code.\n"
          "# TYPE ticketd_refusals_total counter\n",
          page);
    for (unsigned i = 0; i < PROBLEMS_COUNT; i++) {
        uint64_t count = read_counter(&metrics->problems[i]);
        if (count > 0) {
            fprintf(page, "ticketd_refusals_total{code=\"%s\"} %" PRIu64 "\n",
                    problem_kind((enum problem)i)->code, count);
        }
    }
}
