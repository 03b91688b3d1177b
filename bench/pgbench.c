#include "pgbench.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "process.h"
#include "support/postgres_program.h"

static double number_after(const char *text, const char *name) {
    const char *at = strstr(text, name);
    return at == NULL ? -1 : strtod(at + strlen(name), NULL);
}

/* Its log has a line for each transaction; the third word is how many microseconds it took. */
static bool read_log(const char *prefix, struct samples *samples) {
    char pattern[300], line[256];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s.*", prefix);
    if (glob(pattern, 0, NULL, &found) != 0) {
        return false;
    }
    for (size_t i = 0; i < found.gl_pathc; i++) {
        FILE *file = fopen(found.gl_pathv[i], "re");
        while (file != NULL && fgets(line, sizeof line, file) != NULL) {
            long long us = 0;
            if (sscanf(line, "%*d %*d %lld", &us) == 1) {
                samples_add(samples, us);
            }
        }
        if (file != NULL) {
            fclose(file);
        }
        unlink(found.gl_pathv[i]);
    }
    globfree(&found);
    return samples->count > 0;
}

bool pgbench_run(const struct pgbench *pgbench, struct measure *measure) {
    char program[PROGRAM_PATH_SIZE], prefix[256], output[8192];
    char connections[16], seconds[16], types[32];
    struct failure failure;
    if (postgres_program("pgbench", program, &failure) != ERROR_NONE) {
        fprintf(stderr, "%s\n", failure.sentence);
        return false;
    }
    snprintf(prefix, sizeof prefix, "%s/pgbench_log", pgbench->directory);
    snprintf(connections, sizeof connections, "%d", pgbench->connections);
    snprintf(seconds, sizeof seconds, "%d", (int)(pgbench->seconds + 0.5));
    snprintf(types, sizeof types, "types=%d", pgbench->types);
    char *arguments[] = {program,
                         "--no-vacuum",
                         "--protocol=prepared",
                         "--log",
                         "--log-prefix",
                         prefix,
                         "--client",
                         connections,
                         "--time",
                         seconds,
                         "--define",
                         types,
                         "--file",
                         (char *)pgbench->script,
                         (char *)pgbench->url,
                         NULL};
    struct samples samples;
    samples_open(&samples);
    bool done = process_read(arguments, output, sizeof output) && read_log(prefix, &samples) &&
                number_after(output, "failed transactions: ") == 0;
    double rate = number_after(output, "tps = ");
    done = done && rate > 0;
    if (done) {
        measure_samples(measure, &samples, 1);
        measure->rate = rate;
    } else {
        fprintf(stderr, "pgbench: %s\n", output);
    }
    samples_close(&samples);
    return done;
}
