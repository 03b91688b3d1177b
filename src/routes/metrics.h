/* metrics.h - what was asked and answered, counted.
 *
 * Counters are kept without a lock and never go back; what is read of them is not of one instant.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "routes/problem.h"
#include "routes/router.h"

struct metrics;

/* NULL: no memory. */
struct metrics *metrics_create(void);
void metrics_destroy(struct metrics *metrics);

/* `route` NULL: a request that no route was found for. */
void metrics_count_reply(struct metrics *metrics, const struct router *router,
                         const struct route *route, int status, int64_t took_us);
void metrics_count_problem(struct metrics *metrics, enum problem problem);

/* What Prometheus reads of these, route by route and problem by problem. */
void metrics_write(const struct metrics *metrics, const struct router *router, FILE *page);
