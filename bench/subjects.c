#include "subjects.h"

#include <stdio.h>

#include "floor.h"
#include "pgbench.h"
#include "wrk.h"

static double postgres_cpu_us(const struct postgres_server *postgres) {
    return postgres == NULL ? 0 : postgres_server_cpu_us(postgres);
}

/* A load on a server, with the processor time that it took there. */
static bool run_load(const struct process *process, const struct postgres_server *postgres,
                     const struct load *load, struct measure *measure) {
    double cpu = process_cpu_us(process);
    double database_cpu = postgres_cpu_us(postgres);
    if (!load_run(load, measure)) {
        return false;
    }
    cpu = process_cpu_us(process) - cpu;
    database_cpu = postgres_cpu_us(postgres) - database_cpu;
    measure->cpu_us = cpu / (measure->rate * load->seconds);
    measure->database_cpu_us = database_cpu / (measure->rate * load->seconds);
    return true;
}

bool subject_measure_http(struct ticketd_server *server, const struct postgres_server *postgres,
                          const struct load *load, struct measure *measure) {
    double commits = 0, commands = 0, commits_after = 0, commands_after = 0;
    bool done = ticketd_server_counts(server, &commits, &commands) &&
                run_load(&server->process, postgres, load, measure) &&
                ticketd_server_counts(server, &commits_after, &commands_after);
    if (done && commits_after > commits) {
        measure->batch = (commands_after - commands) / (commits_after - commits);
    }
    return done;
}

/* --- on a file -------------------------------------------------------------------------- */

static struct load load_of(const struct stand *stand, const struct subject *subject, int port,
                           const struct dialect *dialect) {
    return (struct load){
        .port = port, .connections = subject->count, .dialect = dialect, .seconds = stand->seconds};
}

static bool run_http(struct stand *stand, const struct subject *subject, struct measure *measure) {
    struct dialect dialect = ticketd_reserve_dialect(&stand->ticketd);
    struct load load = load_of(stand, subject, stand->ticketd.port, &dialect);
    return subject_measure_http(&stand->ticketd, NULL, &load, measure);
}

static bool run_read(struct stand *stand, const struct subject *subject, struct dialect dialect,
                     struct measure *measure) {
    struct load load = load_of(stand, subject, stand->ticketd.port, &dialect);
    return run_load(&stand->ticketd.process, NULL, &load, measure);
}

static bool run_available(struct stand *stand, const struct subject *subject,
                          struct measure *measure) {
    return run_read(stand, subject, ticketd_available_dialect(&stand->ticketd), measure);
}

static bool run_health(struct stand *stand, const struct subject *subject,
                       struct measure *measure) {
    return run_read(stand, subject, ticketd_health_dialect(&stand->ticketd), measure);
}

static bool run_wrk(struct stand *stand, const struct subject *subject, struct measure *measure) {
    return wrk_reserve(subject->types > 0 ? &stand->ticketd_postgres : &stand->ticketd,
                       stand->scripts, subject->count, stand->seconds, measure);
}

static bool run_redis(struct stand *stand, const struct subject *subject, struct measure *measure) {
    struct dialect dialect = redis_reserve_dialect(&stand->redis);
    struct load load = load_of(stand, subject, stand->redis.port, &dialect);
    return run_load(&stand->redis.process, NULL, &load, measure);
}

static bool run_engine(struct stand *stand, const struct subject *subject,
                       struct measure *measure) {
    struct flight_plan plan = {subject->count, 1, stand->seconds};
    engine_in_flight(stand->engine, &plan, measure);
    return true;
}

static bool run_threads(struct stand *stand, const struct subject *subject,
                        struct measure *measure) {
    engine_threads(stand->engine, subject->count, stand->seconds, measure);
    return true;
}

static bool run_floor(struct stand *stand, const struct subject *subject, struct measure *measure) {
    (void)subject;
    floor_commit(stand->directory, stand->seconds, measure);
    return true;
}

/* --- on PostgreSQL ------------------------------------------------------------------------ */

static bool run_pgbench(struct stand *stand, const struct subject *subject,
                        struct measure *measure) {
    char script[512];
    snprintf(script, sizeof script, "%s/pgbench/%s", stand->scripts, subject->script);
    struct pgbench pgbench = {.url = stand->postgres.shop,
                              .script = script,
                              .directory = stand->directory,
                              .connections = subject->count,
                              .types = subject->types,
                              .seconds = stand->seconds};
    double cpu = postgres_server_cpu_us(&stand->postgres);
    if (!pgbench_run(&pgbench, measure)) {
        return false;
    }
    cpu = postgres_server_cpu_us(&stand->postgres) - cpu;
    measure->database_cpu_us = cpu / (measure->rate * stand->seconds);
    return true;
}

static bool run_postgres_http(struct stand *stand, const struct subject *subject,
                              struct measure *measure) {
    struct ticketd_server *server = &stand->ticketd_postgres;
    struct dialect dialect =
        subject->types == 1 ? ticketd_reserve_dialect(server) : ticketd_reserve_any_dialect(server);
    struct load load = load_of(stand, subject, server->port, &dialect);
    return subject_measure_http(server, &stand->postgres, &load, measure);
}

static bool run_postgres_engine(struct stand *stand, const struct subject *subject,
                                struct measure *measure) {
    struct flight_plan plan = {subject->count, subject->types, stand->seconds};
    double cpu = postgres_server_cpu_us(&stand->postgres);
    engine_in_flight(stand->engine_postgres, &plan, measure);
    cpu = postgres_server_cpu_us(&stand->postgres) - cpu;
    measure->database_cpu_us = cpu / (measure->rate * stand->seconds);
    return true;
}

#define USUAL(at, count, types_count)                                                              \
    { "PostgreSQL, " at ": the usual transaction", count, run_pgbench, types_count, "usual.sql" }
#define SINGLE(at, count, types_count)                                                             \
    {                                                                                              \
        "PostgreSQL, " at ": the best single statement", count, run_pgbench, types_count,          \
            "single.sql"                                                                           \
    }
#define HTTP(at, count, types_count)                                                               \
    { "PostgreSQL, " at ": reservations over HTTP", count, run_postgres_http, types_count, NULL }
#define HOT "hot type"
#define ANY "1,000 types"

const struct subject subjects[SUBJECTS_COUNT] = {
    [FLOOR] = {"one durable commit of the same rows by SQLite", 1, run_floor, 0, NULL},
    [HTTP_1] = {"reservations over HTTP", 1, run_http, 0, NULL},
    [REDIS_1] = {"Redis + Lua, appendfsync always", 1, run_redis, 0, NULL},
    [HTTP_64] = {"reservations over HTTP", 64, run_http, 0, NULL},
    [REDIS_64] = {"Redis + Lua, appendfsync always", 64, run_redis, 0, NULL},
    [ENGINE_64] = {"the engine without HTTP", 64, run_engine, 0, NULL},
    [WRK_64] = {"reservations over HTTP, asked by wrk", 64, run_wrk, 0, NULL},
    [HTTP_256] = {"reservations over HTTP", 256, run_http, 0, NULL},
    [REDIS_256] = {"Redis + Lua, appendfsync always", 256, run_redis, 0, NULL},
    [ENGINE_256] = {"the engine without HTTP", 256, run_engine, 0, NULL},
    [THREADS_64] = {"libticketd, threads that block", 64, run_threads, 0, NULL},
    [AVAILABLE] = {"GET availability", 64, run_available, 0, NULL},
    [HEALTH] = {"GET /healthz", 64, run_health, 0, NULL},

    [HOT_USUAL_1] = USUAL(HOT, 1, 1),
    [HOT_SINGLE_1] = SINGLE(HOT, 1, 1),
    [HOT_HTTP_1] = HTTP(HOT, 1, 1),
    [HOT_USUAL_16] = USUAL(HOT, 16, 1),
    [HOT_SINGLE_16] = SINGLE(HOT, 16, 1),
    [HOT_HTTP_16] = HTTP(HOT, 16, 1),
    [HOT_USUAL_64] = USUAL(HOT, 64, 1),
    [HOT_SINGLE_64] = SINGLE(HOT, 64, 1),
    [HOT_HTTP_64] = HTTP(HOT, 64, 1),
    [HOT_WRK_64] = {"PostgreSQL, " HOT ": asked by wrk", 64, run_wrk, 1, NULL},
    [HOT_ENGINE_64] = {"PostgreSQL, " HOT ": the engine without HTTP", 64, run_postgres_engine, 1,
                       NULL},
    [ANY_USUAL_1] = USUAL(ANY, 1, TYPES_COUNT),
    [ANY_SINGLE_1] = SINGLE(ANY, 1, TYPES_COUNT),
    [ANY_HTTP_1] = HTTP(ANY, 1, TYPES_COUNT),
    [ANY_USUAL_16] = USUAL(ANY, 16, TYPES_COUNT),
    [ANY_SINGLE_16] = SINGLE(ANY, 16, TYPES_COUNT),
    [ANY_HTTP_16] = HTTP(ANY, 16, TYPES_COUNT),
    [ANY_USUAL_64] = USUAL(ANY, 64, TYPES_COUNT),
    [ANY_SINGLE_64] = SINGLE(ANY, 64, TYPES_COUNT),
    [ANY_HTTP_64] = HTTP(ANY, 64, TYPES_COUNT),
    [ANY_ENGINE_64] = {"PostgreSQL, " ANY ": the engine without HTTP", 64, run_postgres_engine,
                       TYPES_COUNT, NULL},
};
