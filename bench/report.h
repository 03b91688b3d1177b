/* report.h - the tables of a run, on the terminal and in docs/performance.md. */
#pragma once

#include <stdbool.h>

#include "samples.h"

struct row {
    const char *what;
    int connections; /* 0: does not apply */
    struct measure measure;
};

/* Higher is better where `at_least`, else lower. */
struct target {
    const char *what;
    const char *unit; /* "×", " MiB", … */
    double wanted, got;
    bool at_least;
};

struct report {
    const char *machine;
    const struct row *rows;
    size_t rows_count;
    const struct target *targets;
    size_t targets_count;
};

bool target_is_met(const struct target *target);

/* Markdown. Returns it, to be freed. */
char *report_text(const struct report *report);

/* Replaces what stands between the two marks of the file. False, with a line on stderr, when they
 * are not there or it cannot be written. */
bool report_keep(const char *path, const char *text);
