#include "floor.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "base/instant.h"
#include "base/uuid.h"

/* The rows of one reservation, as large as ticketd's and under the same keys: the counts change, a
 * reservation, a log entry and an idempotency key are added. */
static const char schema[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
    "CREATE TABLE counts (id INTEGER PRIMARY KEY, reserved INTEGER);"
    "CREATE TABLE held (id BLOB PRIMARY KEY, expires INTEGER, row BLOB) WITHOUT ROWID;"
    "CREATE INDEX held_expires ON held (expires, id);"
    "CREATE TABLE log (seq INTEGER PRIMARY KEY, row BLOB);"
    "CREATE TABLE keys (number INTEGER PRIMARY KEY, key BLOB UNIQUE, row BLOB);"
    "INSERT INTO counts VALUES (1, 0)";

static const char *const texts[] = {
    "BEGIN IMMEDIATE",
    "UPDATE counts SET reserved = reserved + 1 WHERE id = 1",
    "INSERT INTO held VALUES (?1, ?2, zeroblob(150))",
    "INSERT INTO log (row) VALUES (zeroblob(230))",
    "INSERT INTO keys (key, row) VALUES (?1, zeroblob(250))",
    "COMMIT",
};

enum { STATEMENTS_COUNT = sizeof texts / sizeof texts[0] };

static void commit_one(sqlite3_stmt *const statements[]) {
    struct instant now = instant_now();
    struct uuid id = uuid_block(now, 1);
    for (int i = 0; i < STATEMENTS_COUNT; i++) {
        int parameters = sqlite3_bind_parameter_count(statements[i]);
        if (parameters >= 1) {
            sqlite3_bind_blob(statements[i], 1, id.bytes, sizeof id.bytes, SQLITE_STATIC);
        }
        if (parameters >= 2) {
            sqlite3_bind_int64(statements[i], 2, now.us);
        }
        require(sqlite3_step(statements[i]) == SQLITE_DONE);
        sqlite3_reset(statements[i]);
    }
}

static void measure_commits(sqlite3 *file, double seconds, struct measure *measure) {
    sqlite3_stmt *statements[STATEMENTS_COUNT];
    struct samples samples;
    for (int i = 0; i < STATEMENTS_COUNT; i++) {
        require(sqlite3_prepare_v2(file, texts[i], -1, &statements[i], NULL) == SQLITE_OK);
    }
    samples_open(&samples);
    int64_t first = monotonic_us();
    int64_t until = first + (int64_t)(seconds * 1e6);
    int64_t began = first;
    while (began < until) {
        commit_one(statements);
        int64_t now = monotonic_us();
        samples_add(&samples, now - began);
        began = now;
    }
    measure_samples(measure, &samples, (double)(began - first) / 1e6);
    samples_close(&samples);
    for (int i = 0; i < STATEMENTS_COUNT; i++) {
        sqlite3_finalize(statements[i]);
    }
}

void floor_commit(const char *directory, double seconds, struct measure *measure) {
    char path[256];
    sqlite3 *file;
    snprintf(path, sizeof path, "%s/floor.db", directory);
    unlink(path);
    require(sqlite3_open(path, &file) == SQLITE_OK);
    require(sqlite3_exec(file, schema, NULL, NULL, NULL) == SQLITE_OK);
    measure_commits(file, seconds, measure);
    sqlite3_close(file); /* which removes the log beside it */
}

double floor_fdatasync_ms(const char *directory) {
    enum { WRITES = 200 };
    static const char page[4096];
    char path[256];
    struct samples samples;
    snprintf(path, sizeof path, "%s/floor.bin", directory);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    require(file >= 0);
    samples_open(&samples);
    for (int i = 0; i < WRITES; i++) {
        int64_t began = monotonic_us();
        require(write(file, page, sizeof page) == (ssize_t)sizeof page);
        require(fdatasync(file) == 0);
        samples_add(&samples, monotonic_us() - began);
    }
    double ms = samples_at(&samples, 0.5) / 1000;
    samples_close(&samples);
    close(file);
    return ms;
}
