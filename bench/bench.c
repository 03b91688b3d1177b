/* bench - how fast is it, beside what it has to be compared with?
 *
 * Everything is measured in one run on one machine, in short rounds that alternate, so that what
 * disturbs the machine disturbs all of them alike: read ratios and processor time, not rates. */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "growth.h"
#include "machine.h"
#include "memory.h"
#include "report.h"
#include "subjects.h"

struct bench {
    struct stand stand;
    const char *report;
    int rounds;
    bool quick;
    long growth; /* entries; 0: the usual run */
};

/* What is under way, to someone who watches. */
__attribute__((format(printf, 1, 2))) static void say(const char *format, ...) {
    char line[80];
    va_list arguments;
    if (isatty(STDERR_FILENO)) {
        va_start(arguments, format);
        vsnprintf(line, sizeof line, format, arguments);
        va_end(arguments);
        fprintf(stderr, "\r%-70s\r", line);
    }
}

/* What is compared with pgbench only has every other round, which keeps the whole run short. */
static bool has_round(const struct subject *subject, int round) {
    return subject->types == 0 || round % 2 == 0;
}

static bool run_rounds(struct bench *bench, struct series *series) {
    for (int round = 0; round < bench->rounds; round++) {
        for (int i = 0; i < SUBJECTS_COUNT; i++) {
            struct measure measure = {0};
            if (!has_round(&subjects[i], round)) {
                continue;
            }
            say("round %d of %d: %s", round + 1, bench->rounds, subjects[i].what);
            if (!subjects[i].run(&bench->stand, &subjects[i], &measure)) {
                fprintf(stderr, "it was: %s, %d at a time\n", subjects[i].what, subjects[i].count);
                return false;
            }
            series_add(&series[i], &measure);
        }
    }
    say(" ");
    return true;
}

static bool measure_memory(struct bench *bench, struct memory *memory) {
    say("memory: idle connections, then a million reservations");
    bool done = memory_measure(&bench->stand.ticketd, memory);
    say(" ");
    return done;
}

static double ratio(double a, double b) {
    return b > 0 ? a / b : 0;
}

static bool answer(const struct bench *bench, const char *machine, const struct series *series,
                   const struct memory *memory) {
    struct row rows[SUBJECTS_COUNT];
    struct measure m[SUBJECTS_COUNT];
    for (int i = 0; i < SUBJECTS_COUNT; i++) {
        m[i] = series_median(&series[i]);
        rows[i] = (struct row){subjects[i].what, subjects[i].count, m[i]};
    }
    const struct target targets[] = {
        {"rate, HTTP to Redis, 64 connections", "×", 1.3, ratio(m[HTTP_64].rate, m[REDIS_64].rate),
         true},
        {"rate, HTTP to Redis, 256 connections", "×", 2, ratio(m[HTTP_256].rate, m[REDIS_256].rate),
         true},
        {"rate, HTTP to engine, 64 in flight", "×", 0.6, ratio(m[HTTP_64].rate, m[ENGINE_64].rate),
         true},
        {"rate, HTTP to engine, 256 in flight", "×", 0.6,
         ratio(m[HTTP_256].rate, m[ENGINE_256].rate), true},
        {"median of a client alone, to one durable commit", "×", 1.5,
         ratio(m[HTTP_1].p50_us, m[FLOOR].p50_us), false},
        {"p99 to median, 64 connections", "×", 4, ratio(m[HTTP_64].p99_us, m[HTTP_64].p50_us),
         false},
        {"rate, availability to /healthz", "×", 0.6, ratio(m[AVAILABLE].rate, m[HEALTH].rate),
         true},
        {"PostgreSQL, hot type: rate, HTTP to the usual transaction, 64 at a time", "×", 25,
         ratio(m[HOT_HTTP_64].rate, m[HOT_USUAL_64].rate), true},
        {"PostgreSQL, 1,000 types: rate, HTTP to the usual transaction, 64 at a time", "×", 3,
         ratio(m[ANY_HTTP_64].rate, m[ANY_USUAL_64].rate), true},
        {"PostgreSQL: median of a client alone, to the best single statement", "×", 1.6,
         ratio(m[HOT_HTTP_1].p50_us, m[HOT_SINGLE_1].p50_us), false},
        {"resident, 10,000 idle connections", " MiB", 64, memory->idle_mib, false},
        {"more resident after 1,000,000 reservations than after 200,000", " MiB", 8,
         memory->growth_mib, false},
        {"start after a clean stop", " ms", 100, memory->start_ms, false},
    };
    struct report report = {
        .machine = machine,
        .rows = rows,
        .rows_count = SUBJECTS_COUNT,
        .targets = targets,
        .targets_count = sizeof targets / sizeof targets[0] - (bench->quick ? 3 : 0),
    };
    char *text = report_text(&report);
    puts(text);
    bool kept = bench->report == NULL || report_keep(bench->report, text);
    free(text);
    return kept;
}

static bool run(struct bench *bench) {
    static struct series series[SUBJECTS_COUNT];
    char machine[640];
    struct memory memory = {0};
    if (!stand_open(&bench->stand)) {
        return false;
    }
    machine_describe(&bench->stand, machine, sizeof machine);
    return run_rounds(bench, series) && (bench->quick || measure_memory(bench, &memory)) &&
           answer(bench, machine, series, &memory);
}

static bool read_options(struct bench *bench, int count, char **arguments) {
    static const struct option options[] = {
        {"ticketd", required_argument, NULL, 't'}, {"scripts", required_argument, NULL, 's'},
        {"report", required_argument, NULL, 'r'},  {"rounds", required_argument, NULL, 'n'},
        {"seconds", required_argument, NULL, 'd'}, {"quick", no_argument, NULL, 'q'},
        {"growth", optional_argument, NULL, 'g'},  {NULL, 0, NULL, 0}};
    for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
        switch (option) {
        case 't':
            bench->stand.program = optarg;
            break;
        case 's':
            bench->stand.scripts = optarg;
            break;
        case 'r':
            bench->report = optarg;
            break;
        case 'n':
            bench->rounds = atoi(optarg);
            break;
        case 'd':
            bench->stand.seconds = atof(optarg);
            break;
        case 'q': /* fewer rounds, no memory, nothing kept */
            bench->quick = true;
            bench->rounds = 1;
            break;
        case 'g': /* that alone */
            bench->growth = optarg == NULL ? GROWTH_ENTRIES : atol(optarg);
            break;
        default:
            return false;
        }
    }
    bench->report = bench->quick ? NULL : bench->report;
    return bench->stand.program != NULL && bench->stand.scripts != NULL && bench->rounds >= 1 &&
           bench->rounds <= ROUNDS_MAX && bench->stand.seconds >= 1;
}

int main(int arguments_count, char **arguments) {
    struct bench bench = {.rounds = 5, .stand.seconds = 2};
    if (!read_options(&bench, arguments_count, arguments)) {
        fprintf(stderr, "bench --ticketd PROGRAM --scripts DIRECTORY [--report FILE] [--rounds N] "
                        "[--seconds S] [--quick] "
                        "[--growth[=ENTRIES]]\n");
        return 2;
    }
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    bool done =
        bench.growth > 0 ? growth_measure(&bench.stand, bench.rounds, bench.growth) : run(&bench);
    stand_close(&bench.stand);
    return done ? 0 : 1;
}
