#include "floor.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "base/instant.h"

enum { ROW_BYTES = 250 }; /* a reservation, its log entry and its key take about three such */

static sqlite3 *floor_open(const char *directory) {
    char path[256];
    sqlite3 *file;
    snprintf(path, sizeof path, "%s/floor.db", directory);
    require(sqlite3_open(path, &file) == SQLITE_OK);
    require(sqlite3_exec(file,
                         "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                         "PRAGMA wal_autocheckpoint = 0;"
                         "CREATE TABLE IF NOT EXISTS kept (id INTEGER PRIMARY KEY, row BLOB)",
                         NULL, NULL, NULL) == SQLITE_OK);
    return file;
}

void floor_commit(const char *directory, double seconds, struct measure *measure) {
    static const unsigned char row[3 * ROW_BYTES];
    struct samples samples;
    sqlite3_stmt *insert;
    sqlite3 *file = floor_open(directory);
    require(sqlite3_prepare_v2(file, "INSERT INTO kept (row) VALUES (?1)", -1, &insert, NULL) ==
            SQLITE_OK);
    samples_open(&samples);
    int64_t first = monotonic_us();
    int64_t until = first + (int64_t)(seconds * 1e6);
    int64_t began = first;
    while (began < until) {
        sqlite3_bind_blob(insert, 1, row, sizeof row, SQLITE_STATIC);
        require(sqlite3_step(insert) == SQLITE_DONE);
        sqlite3_reset(insert);
        int64_t now = monotonic_us();
        samples_add(&samples, now - began);
        began = now;
    }
    measure_samples(measure, &samples, (double)(began - first) / 1e6);
    sqlite3_finalize(insert);
    sqlite3_exec(file, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
    sqlite3_close(file);
    samples_close(&samples);
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
