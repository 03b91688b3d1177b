#include "growth.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "subjects.h"

enum { CONNECTIONS = 64, SQL_MAX = 8192 };

/* Of the rate without a past. */
static const double WANTED = 0.8;

/* One store, as new and as it is after years. */
struct pair {
    struct ticketd_server young, old;
    const struct postgres_server *postgres; /* NULL: a file */
};

static bool complain(const char *what) {
    fprintf(stderr, "growth: %s\n", what);
    return false;
}

static bool serve(const struct stand *stand, struct ticketd_server *server, const char *database,
                  const char *name) {
    char log[128];
    snprintf(log, sizeof log, "%s/%s.log", stand->directory, name);
    struct ticketd_server_options options = {
        .program = stand->program, .database = database, .log = log, .types_count = TYPES_COUNT};
    return ticketd_server_start(server, &options);
}

/* The text that gives every type so many entries. */
static bool read_filling(const struct stand *stand, const char *name, long entries,
                         char sql[SQL_MAX]) {
    char path[512];
    snprintf(path, sizeof path, "%s/growth/%s", stand->scripts, name);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return complain("its SQL is not there");
    }
    int head = snprintf(sql, SQL_MAX, "CREATE TEMP TABLE bench AS SELECT %ld AS pairs;\n",
                        entries / 2 / TYPES_COUNT);
    sql[(size_t)head + fread(sql + head, 1, SQL_MAX - 1 - (size_t)head, file)] = '\0';
    fclose(file);
    return true;
}

static bool fill_postgres(const struct stand *stand, const char *url, long entries) {
    struct failure failure;
    char sql[SQL_MAX];
    if (!read_filling(stand, "postgres.sql", entries, sql)) {
        return false;
    }
    bool done = database_execute(url, sql, &failure) == ERROR_NONE &&
                database_execute(url, "VACUUM ANALYZE", &failure) == ERROR_NONE &&
                database_execute(url, "CHECKPOINT", &failure) == ERROR_NONE;
    return done || complain(failure.sentence);
}

static bool fill_sqlite(const struct stand *stand, const char *path, long entries) {
    sqlite3 *file = NULL;
    char sql[SQL_MAX];
    bool done = read_filling(stand, "sqlite.sql", entries, sql) &&
                sqlite3_open(path, &file) == SQLITE_OK &&
                sqlite3_exec(file, sql, NULL, NULL, NULL) == SQLITE_OK;
    if (!done && file != NULL) {
        complain(sqlite3_errmsg(file));
    }
    sqlite3_close(file);
    return done;
}

static bool open_postgres(struct stand *stand, struct pair *pair, long entries) {
    char young[DATABASE_URL_SIZE], old[DATABASE_URL_SIZE];
    pair->postgres = &stand->postgres;
    if (!postgres_server_start(&stand->postgres, stand->program, stand->scripts) ||
        !postgres_server_add(&stand->postgres, stand->program, young) ||
        !postgres_server_add(&stand->postgres, stand->program, old) ||
        !serve(stand, &pair->young, young, "young_postgres") ||
        !serve(stand, &pair->old, old, "old_postgres")) {
        return false;
    }
    ticketd_server_pause(&pair->old);
    return fill_postgres(stand, old, entries) && ticketd_server_resume(&pair->old);
}

static bool open_sqlite(struct stand *stand, struct pair *pair, long entries) {
    char young[128], old[128];
    snprintf(young, sizeof young, "sqlite:%s/young.db", stand->directory);
    snprintf(old, sizeof old, "sqlite:%s/old.db", stand->directory);
    if (!serve(stand, &pair->young, young, "young") || !serve(stand, &pair->old, old, "old")) {
        return false;
    }
    ticketd_server_pause(&pair->old);
    return fill_sqlite(stand, old + strlen("sqlite:"), entries) &&
           ticketd_server_resume(&pair->old);
}

static bool measure(const struct stand *stand, const struct pair *pair,
                    struct ticketd_server *server, bool is_hot, struct series *series) {
    struct measure got = {0};
    struct dialect dialect =
        is_hot ? ticketd_reserve_dialect(server) : ticketd_reserve_any_dialect(server);
    struct load load = {.port = server->port,
                        .connections = CONNECTIONS,
                        .dialect = &dialect,
                        .seconds = stand->seconds};
    if (!subject_measure_http(server, pair->postgres, &load, &got)) {
        return false;
    }
    series_add(series, &got);
    return true;
}

static void print(const char *store, bool is_hot, const struct series *young,
                  const struct series *old) {
    struct measure a = series_median(young);
    struct measure b = series_median(old);
    printf("| %s, %s | %.0f | %.0f | %.2f%s | %.1f + %.1f | %.1f + %.1f |\n", store,
           is_hot ? "hot type" : "1,000 types", a.rate, b.rate, b.rate / a.rate,
           b.rate < WANTED * a.rate ? " **missed**" : "", a.cpu_us, a.database_cpu_us, b.cpu_us,
           b.database_cpu_us);
}

static bool compare(const struct stand *stand, struct pair *pair, const char *store, int rounds) {
    struct series young[2] = {{.count = 0}}; /* of any type, of the hot one */
    struct series old[2] = {{.count = 0}};
    for (int round = -1; round < rounds; round++) {
        for (int hot = 0; hot < 2; hot++) {
            if (!measure(stand, pair, &pair->young, hot == 1, &young[hot]) ||
                !measure(stand, pair, &pair->old, hot == 1, &old[hot])) {
                return false;
            }
            if (round < 0) { /* only warms up: what was just made is still being written */
                young[hot].count = 0;
                old[hot].count = 0;
            }
        }
    }
    for (int hot = 0; hot < 2; hot++) {
        print(store, hot == 1, &young[hot], &old[hot]);
    }
    return true;
}

bool growth_measure(struct stand *stand, int rounds, long entries) {
    struct pair postgres = {.postgres = NULL};
    struct pair sqlite = {.postgres = NULL};
    time_t began = time(NULL);
    bool done = stand_open_directory(stand) && open_postgres(stand, &postgres, entries) &&
                open_sqlite(stand, &sqlite, entries);
    if (done) {
        printf(
            "%ld entries each, made in %ld s; %d at a time\n\n"
            "| | a second, new | a second, grown | ratio (≥ 0.8) "
            "| CPU µs each of server + database, new | grown |\n|---|---:|---:|---:|---:|---:|\n",
            entries, (long)(time(NULL) - began), CONNECTIONS);
        done = compare(stand, &postgres, "PostgreSQL", rounds) &&
               compare(stand, &sqlite, "SQLite", rounds);
    }
    ticketd_server_stop(&postgres.young);
    ticketd_server_stop(&postgres.old);
    ticketd_server_stop(&sqlite.young);
    ticketd_server_stop(&sqlite.old);
    return done;
}
