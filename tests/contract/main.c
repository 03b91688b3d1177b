#include <stdio.h>

#include "base/log.h"
#include "bench.h"
#include "groups.h"

static bool is_store(const char *kind) {
    return strcmp(kind, "memory") == 0 || strcmp(kind, "sqlite") == 0 ||
           strcmp(kind, "postgres") == 0;
}

int main(int count, char **arguments) {
    if (count != 2 || !is_store(arguments[1])) {
        fprintf(stderr, "usage: contract memory|sqlite|postgres\n");
        return 2;
    }
    log_set_level(LOG_ERROR); /* a test's cluster does without fsync, and is told so each time */
    if (!bench_choose(arguments[1])) {
        return 1;
    }
    int failed = round_trip_tests() + line_tests() + batch_tests() + following_tests() +
                 key_tests() + reading_tests() + catalogue_tests() + list_tests() + verify_tests() +
                 people_tests() + shift_tests() + figures_tests();
    bench_leave();
    return failed == 0 ? 0 : 1;
}
