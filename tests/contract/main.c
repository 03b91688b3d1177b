#include <stdio.h>

#include "bench.h"
#include "groups.h"

int main(int count, char **arguments) {
    if (count != 2 ||
        (strcmp(arguments[1], "memory") != 0 && strcmp(arguments[1], "sqlite") != 0)) {
        fprintf(stderr, "usage: contract memory|sqlite\n");
        return 2;
    }
    bench_choose(arguments[1]);
    int failed = round_trip_tests() + line_tests() + batch_tests() + following_tests() +
                 key_tests() + reading_tests() + catalogue_tests() + list_tests() + verify_tests();
    return failed == 0 ? 0 : 1;
}
