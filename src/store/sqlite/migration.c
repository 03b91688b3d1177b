#include "store/sqlite/migration.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/check.h"

enum { CHECKSUM_BYTES = 32, CHECKSUM_TEXT_SIZE = 2 * CHECKSUM_BYTES + 1 };

extern const unsigned char migration_0001_founding[], migration_0002_shifts[],
    migration_0003_reports[], migration_0004_shift_entries[];
extern const size_t migration_0001_founding_size, migration_0002_shifts_size,
    migration_0003_reports_size, migration_0004_shift_entries_size;

static const struct migration {
    const char *name;
    const unsigned char *sql;
    const size_t *size;
} migrations[] = {
    {"founding", migration_0001_founding, &migration_0001_founding_size},
    {"shifts", migration_0002_shifts, &migration_0002_shifts_size},
    {"reports", migration_0003_reports, &migration_0003_reports_size},
    {"shift_entries", migration_0004_shift_entries, &migration_0004_shift_entries_size},
};

enum { MIGRATIONS_COUNT = sizeof migrations / sizeof migrations[0] };

static void checksum(const struct migration *migration, char text[CHECKSUM_TEXT_SIZE]) {
    unsigned char hash[CHECKSUM_BYTES];
    crypto_generichash(hash, sizeof hash, migration->sql, *migration->size, NULL, 0);
    sodium_bin2hex(text, CHECKSUM_TEXT_SIZE, hash, sizeof hash);
}

/* 0 for an empty file. */
static enum error read_version(struct connection *connection, int64_t *version,
                               struct failure *failure) {
    int64_t tables = 0;
    int64_t ours = 0;
    int result = connection_integer(connection, "SELECT count(*) FROM sqlite_schema", &tables);
    if (result == SQLITE_OK) {
        result = connection_integer(
            connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migrations'",
            &ours);
    }
    if (result == SQLITE_NOTADB) {
        return failure_set(failure, ERROR_CORRUPT, "%s: not a database; name another file",
                           connection->path);
    }
    if (result != SQLITE_OK) {
        return connection_failed(connection, result, "read it", failure);
    }
    if (ours == 0) {
        *version = 0;
        return tables == 0
                   ? ERROR_NONE
                   : failure_set(failure, ERROR_CORRUPT,
                                 "%s: a database, but not one of ticketd; name another file",
                                 connection->path);
    }
    result = connection_integer(connection,
                                "SELECT coalesce(max(version), 0) FROM schema_migrations", version);
    return result == SQLITE_OK ? ERROR_NONE
                               : connection_failed(connection, result, "read it", failure);
}

static enum error check_checksum(struct connection *connection, int64_t version,
                                 struct failure *failure) {
    char wanted[CHECKSUM_TEXT_SIZE];
    checksum(&migrations[version - 1], wanted);
    char sql[200];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM schema_migrations WHERE version = %d AND checksum = '%s'",
             (int)version, wanted);
    int64_t matching = 0;
    int result = connection_integer(connection, sql, &matching);
    if (result != SQLITE_OK) {
        return connection_failed(connection, result, "read it", failure);
    }
    return matching == 1
               ? ERROR_NONE
               : failure_set(failure, ERROR_CORRUPT,
                             "%s: migration %d (%s) is not the one this file was made with; use "
                             "the ticketd that made it",
                             connection->path, (int)version, migrations[version - 1].name);
}

enum error migration_look(struct connection *connection, int *version, struct failure *failure) {
    int64_t found = 0;
    enum error error = read_version(connection, &found, failure);
    if (error == ERROR_NONE && found > MIGRATIONS_COUNT) {
        error = failure_set(failure, ERROR_NEWER,
                            "%s: made by a newer ticketd (schema %d, this one knows %d); use that "
                            "one",
                            connection->path, (int)found, (int)MIGRATIONS_COUNT);
    }
    for (int64_t each = 1; error == ERROR_NONE && each <= found; each++) {
        error = check_checksum(connection, each, failure);
    }
    *version = (int)found;
    return error;
}

static int record(struct connection *connection, int version, struct clock clock) {
    const struct migration *migration = &migrations[version - 1];
    char text[CHECKSUM_TEXT_SIZE];
    checksum(migration, text);
    char sql[320];
    int length = snprintf(sql, sizeof sql,
                          "INSERT INTO schema_migrations (version, name, checksum, applied_at) "
                          "VALUES (%d, '%s', '%s', %lld)",
                          version, migration->name, text, (long long)clock_now(clock).us);
    ensure(length > 0 && (size_t)length < sizeof sql);
    return connection_execute(connection, sql);
}

/* One migration, one transaction: a crash leaves the version before or the one after. */
static enum error apply(struct connection *connection, int version, struct clock clock,
                        struct failure *failure) {
    int result = connection_run(connection, STATEMENT_begin);
    if (result == SQLITE_OK) {
        result = connection_execute(connection, (const char *)migrations[version - 1].sql);
    }
    if (result == SQLITE_OK) {
        result = record(connection, version, clock);
    }
    if (result == SQLITE_OK) {
        result = connection_run(connection, STATEMENT_commit);
    }
    if (result == SQLITE_OK) {
        return ERROR_NONE;
    }
    enum error error = connection_failed(connection, result, "make its tables", failure);
    if (!sqlite3_get_autocommit(connection->database)) {
        (void)connection_run(connection, STATEMENT_rollback);
    }
    return error;
}

enum error migration_run(struct connection *connection, int version, struct clock clock,
                         struct failure *failure) {
    enum error error = ERROR_NONE;
    while (error == ERROR_NONE && version < MIGRATIONS_COUNT) {
        version++;
        error = apply(connection, version, clock, failure);
    }
    return error;
}

enum error migration_check(struct connection *connection, struct failure *failure) {
    int version = 0;
    enum error error = migration_look(connection, &version, failure);
    if (error == ERROR_NONE && version < MIGRATIONS_COUNT) {
        error = failure_set(failure, ERROR_INVALID,
                            "%s: made by an older ticketd (schema %d, this one reads %d); run "
                            "ticketd migrate",
                            connection->path, version, (int)MIGRATIONS_COUNT);
    }
    return error;
}
