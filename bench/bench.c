/* bench - how fast is it, beside what it has to be compared with?
 *
 * Everything is measured in one run on one machine, in short rounds that alternate, so that what
 * disturbs the machine disturbs all of them alike: read ratios and processor time, not rates. */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "engine.h"
#include "floor.h"
#include "machine.h"
#include "redis_server.h"
#include "report.h"
#include "ticketd_server.h"
#include "wrk.h"

enum { IDLE_CONNECTIONS = 10000, FLAT_FROM = 200000, FLAT_TO = 1000000 };

struct bench {
    const char *program, *scripts, *report;
    char directory[64], machine[512];
    int rounds;
    double seconds;
    bool quick;
    struct ticketd_server ticketd;
    struct redis_server redis;
    struct engine *engine;
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

/* --- what is measured ------------------------------------------------------------------ */

/* A load on a server, with the processor time that it took there. */
static bool run_load(const struct process *process, const struct load *load,
                     struct measure *measure) {
    double cpu = process_cpu_us(process);
    if (!load_run(load, measure)) {
        return false;
    }
    cpu = process_cpu_us(process) - cpu;
    measure->cpu_us = cpu / (measure->rate * load->seconds);
    return true;
}

static bool run_ticketd(struct bench *bench, struct dialect dialect, int connections,
                        struct measure *measure) {
    struct load load = {.port = bench->ticketd.port,
                        .connections = connections,
                        .dialect = &dialect,
                        .seconds = bench->seconds};
    return run_load(&bench->ticketd.process, &load, measure);
}

static bool run_http(struct bench *bench, int connections, struct measure *measure) {
    double commits = 0, commands = 0, commits_after = 0, commands_after = 0;
    bool done =
        ticketd_server_counts(&bench->ticketd, &commits, &commands) &&
        run_ticketd(bench, ticketd_reserve_dialect(&bench->ticketd), connections, measure) &&
        ticketd_server_counts(&bench->ticketd, &commits_after, &commands_after);
    if (done && commits_after > commits) {
        measure->batch = (commands_after - commands) / (commits_after - commits);
    }
    return done;
}

static bool run_wrk(struct bench *bench, int connections, struct measure *measure) {
    return wrk_reserve(&bench->ticketd, bench->scripts, connections, bench->seconds, measure);
}

static bool run_redis(struct bench *bench, int connections, struct measure *measure) {
    struct dialect dialect = redis_reserve_dialect(&bench->redis);
    struct load load = {.port = bench->redis.port,
                        .connections = connections,
                        .dialect = &dialect,
                        .seconds = bench->seconds};
    return run_load(&bench->redis.process, &load, measure);
}

static bool run_engine(struct bench *bench, int count, struct measure *measure) {
    engine_in_flight(bench->engine, count, bench->seconds, measure);
    return true;
}

static bool run_threads(struct bench *bench, int count, struct measure *measure) {
    engine_threads(bench->engine, count, bench->seconds, measure);
    return true;
}

static bool run_floor(struct bench *bench, int count, struct measure *measure) {
    (void)count;
    floor_commit(bench->directory, bench->seconds, measure);
    return true;
}

static bool run_available(struct bench *bench, int connections, struct measure *measure) {
    return run_ticketd(bench, ticketd_available_dialect(&bench->ticketd), connections, measure);
}

static bool run_health(struct bench *bench, int connections, struct measure *measure) {
    return run_ticketd(bench, ticketd_health_dialect(&bench->ticketd), connections, measure);
}

/* Neighbours here are neighbours in time: what is compared stands together. */
enum {
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
    SUBJECTS_COUNT
};

static const struct subject {
    const char *what;
    int count;
    bool (*run)(struct bench *bench, int count, struct measure *measure);
} subjects[SUBJECTS_COUNT] = {
    [FLOOR] = {"one durable commit of the same rows by SQLite", 1, run_floor},
    [HTTP_1] = {"reservations over HTTP", 1, run_http},
    [REDIS_1] = {"Redis + Lua, appendfsync always", 1, run_redis},
    [HTTP_64] = {"reservations over HTTP", 64, run_http},
    [REDIS_64] = {"Redis + Lua, appendfsync always", 64, run_redis},
    [ENGINE_64] = {"the engine without HTTP", 64, run_engine},
    [WRK_64] = {"reservations over HTTP, asked by wrk", 64, run_wrk},
    [HTTP_256] = {"reservations over HTTP", 256, run_http},
    [REDIS_256] = {"Redis + Lua, appendfsync always", 256, run_redis},
    [ENGINE_256] = {"the engine without HTTP", 256, run_engine},
    [THREADS_64] = {"libticketd, threads that block", 64, run_threads},
    [AVAILABLE] = {"GET availability", 64, run_available},
    [HEALTH] = {"GET /healthz", 64, run_health},
};

static bool run_rounds(struct bench *bench, struct series *series) {
    for (int round = 0; round < bench->rounds; round++) {
        for (int i = 0; i < SUBJECTS_COUNT; i++) {
            struct measure measure = {0};
            say("round %d of %d: %s", round + 1, bench->rounds, subjects[i].what);
            if (!subjects[i].run(bench, subjects[i].count, &measure)) {
                return false;
            }
            series_add(&series[i], &measure);
        }
    }
    say(" ");
    return true;
}

/* --- memory -------------------------------------------------------------------------------- */

struct memory {
    double idle_mib, growth_mib, start_ms;
};

static bool measure_idle(struct bench *bench, struct memory *memory) {
    static int list[IDLE_CONNECTIONS];
    struct dialect dialect = ticketd_health_dialect(&bench->ticketd);
    struct load load = {
        .port = bench->ticketd.port, .connections = IDLE_CONNECTIONS, .dialect = &dialect};
    if (!load_open_idle(&load, list)) {
        fprintf(stderr, "%d connections could not be opened\n", IDLE_CONNECTIONS);
        return false;
    }
    memory->idle_mib = process_resident_mib(&bench->ticketd.process);
    for (int i = 0; i < IDLE_CONNECTIONS; i++) {
        close(list[i]);
    }
    return true;
}

static bool reserve_many(struct bench *bench, uint64_t count) {
    struct dialect dialect = ticketd_reserve_dialect(&bench->ticketd);
    struct measure measure;
    struct load load = {.port = bench->ticketd.port,
                        .connections = 256,
                        .dialect = &dialect,
                        .seconds = 300,
                        .requests_max = count};
    return load_run(&load, &measure);
}

static bool measure_growth(struct bench *bench, struct memory *memory) {
    if (!reserve_many(bench, FLAT_FROM)) {
        return false;
    }
    memory->growth_mib = -process_resident_mib(&bench->ticketd.process);
    if (!reserve_many(bench, FLAT_TO - FLAT_FROM)) {
        return false;
    }
    memory->growth_mib += process_resident_mib(&bench->ticketd.process);
    return true;
}

static bool measure_memory(struct bench *bench, struct memory *memory) {
    say("memory: %d idle connections, then a million reservations", IDLE_CONNECTIONS);
    bool done = ticketd_server_restart(&bench->ticketd);
    memory->start_ms = bench->ticketd.start_ms;
    done = done && measure_idle(bench, memory) && measure_growth(bench, memory);
    say(" ");
    return done;
}

/* --- the run --------------------------------------------------------------------------- */

static double ratio(double a, double b) {
    return b > 0 ? a / b : 0;
}

static bool answer(const struct bench *bench, const struct series *series,
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
        {"resident, 10,000 idle connections", " MiB", 64, memory->idle_mib, false},
        {"more resident after 1,000,000 reservations than after 200,000", " MiB", 8,
         memory->growth_mib, false},
        {"start after a clean stop", " ms", 100, memory->start_ms, false},
    };
    struct report report = {
        .machine = bench->machine,
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
    char script[512];
    struct memory memory = {0};
    snprintf(script, sizeof script, "%s/reserve.lua", bench->scripts);
    machine_describe(bench->directory, bench->machine, sizeof bench->machine);
    bench->engine = engine_open(bench->directory);
    return bench->engine != NULL &&
           ticketd_server_start(&bench->ticketd, bench->program, bench->directory) &&
           redis_server_start(&bench->redis, bench->directory, script) &&
           run_rounds(bench, series) && (bench->quick || measure_memory(bench, &memory)) &&
           answer(bench, series, &memory);
}

static void clean_up(struct bench *bench) {
    ticketd_server_stop(&bench->ticketd);
    redis_server_stop(&bench->redis);
    engine_close(bench->engine);
    char *arguments[] = {"rm", "-rf", bench->directory, NULL};
    char output[64];
    process_read(arguments, output, sizeof output);
}

static bool read_options(struct bench *bench, int count, char **arguments) {
    static const struct option options[] = {{"ticketd", required_argument, NULL, 't'},
                                            {"scripts", required_argument, NULL, 's'},
                                            {"report", required_argument, NULL, 'r'},
                                            {"rounds", required_argument, NULL, 'n'},
                                            {"seconds", required_argument, NULL, 'd'},
                                            {"quick", no_argument, NULL, 'q'},
                                            {NULL, 0, NULL, 0}};
    for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
        switch (option) {
        case 't':
            bench->program = optarg;
            break;
        case 's':
            bench->scripts = optarg;
            break;
        case 'r':
            bench->report = optarg;
            break;
        case 'n':
            bench->rounds = atoi(optarg);
            break;
        case 'd':
            bench->seconds = atof(optarg);
            break;
        case 'q': /* fewer rounds, no memory, nothing kept */
            bench->quick = true;
            bench->rounds = 1;
            break;
        default:
            return false;
        }
    }
    bench->report = bench->quick ? NULL : bench->report;
    return bench->program != NULL && bench->scripts != NULL && bench->rounds >= 1 &&
           bench->rounds <= ROUNDS_MAX && bench->seconds >= 1;
}

int main(int arguments_count, char **arguments) {
    struct bench bench = {.rounds = 5, .seconds = 2};
    if (!read_options(&bench, arguments_count, arguments)) {
        fprintf(stderr, "bench --ticketd PROGRAM --scripts DIRECTORY [--report FILE] [--rounds N] "
                        "[--seconds S] [--quick]\n");
        return 2;
    }
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    strcpy(bench.directory, "/var/tmp/ticketd-bench-XXXXXX"); /* a disk, which /tmp may not be */
    if (mkdtemp(bench.directory) == NULL) {
        perror(bench.directory);
        return 1;
    }
    bool done = run(&bench);
    clean_up(&bench);
    return done ? 0 : 1;
}
