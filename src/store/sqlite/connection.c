#include "store/sqlite/connection.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "base/instant.h"

enum {
    PROGRESS_INSTRUCTIONS = 2000, /* about 0.1 ms: how often a deadline is looked at */
    URI_SIZE = 3 * PATH_MAX,
};

static int stop_when_late(void *context) {
    const struct connection *connection = context;
    return connection->deadline_us != 0 && monotonic_us() > connection->deadline_us;
}

static int remember_wal_pages(void *context, sqlite3 *database, const char *schema, int pages) {
    struct connection *connection = context;
    (void)database;
    (void)schema;
    connection->wal_pages = pages;
    return SQLITE_OK;
}

int connection_execute(struct connection *connection, const char *sql) {
    int result = sqlite3_exec(connection->database, sql, NULL, NULL, NULL);
    return result == SQLITE_OK ? SQLITE_OK : sqlite3_extended_errcode(connection->database);
}

int connection_integer(struct connection *connection, const char *sql, int64_t *value) {
    sqlite3_stmt *statement;
    int result = sqlite3_prepare_v2(connection->database, sql, -1, &statement, NULL);
    if (result == SQLITE_OK) {
        result = sqlite3_step(statement);
        if (result == SQLITE_ROW) {
            *value = sqlite3_column_int64(statement, 0);
            result = SQLITE_OK;
        }
        sqlite3_finalize(statement);
    }
    return result;
}

enum error connection_failed(struct connection *connection, int result, const char *doing,
                             struct failure *failure) {
    enum error error = result_error(result, false);
    const char *why;
    if (result == RESULT_ARENA_SPENT) {
        why = "it needs more memory than one request may take";
    } else if (result == RESULT_WORLD_CHANGED) {
        why = "a row changed meanwhile";
    } else if (result == RESULT_TWIN) {
        why = "an idempotency key was taken meanwhile";
    } else if ((result & 0xff) == SQLITE_INTERRUPT) {
        why = "it takes longer than a second; ask for less at once";
    } else if (connection->database != NULL &&
               (sqlite3_errcode(connection->database) & 0xff) == (result & 0xff)) {
        why = sqlite3_errmsg(connection->database);
    } else {
        why = sqlite3_errstr(result);
    }
    return failure_set(failure, error, "%s: cannot %s: %s", connection->path, doing, why);
}

/* Sets `name` and insists that it reads back as `wanted`. */
static enum error insist(struct connection *connection, const char *name, const char *wanted,
                         const char *read_back, struct failure *failure) {
    char sql[96];
    snprintf(sql, sizeof sql, "PRAGMA %s = %s", name, wanted);
    int result = connection_execute(connection, sql);
    snprintf(sql, sizeof sql, "PRAGMA %s", name);
    sqlite3_stmt *statement = NULL;
    if (result == SQLITE_OK) {
        result = sqlite3_prepare_v2(connection->database, sql, -1, &statement, NULL);
    }
    if (result == SQLITE_OK) {
        result = sqlite3_step(statement);
    }
    const char *value =
        result == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : NULL;
    enum error error = ERROR_NONE;
    if (result != SQLITE_ROW) {
        error = connection_failed(connection, result, "set it up", failure);
    } else if (value == NULL || strcmp(value, read_back) != 0) {
        error = failure_set(failure, ERROR_UNAVAILABLE,
                            "%s: cannot be durable here: %s stays \"%s\" instead of \"%s\"",
                            connection->path, name, value == NULL ? "" : value, read_back);
    }
    sqlite3_finalize(statement);
    return error;
}

static enum error set_up(struct connection *connection, enum connection_kind kind,
                         struct failure *failure) {
    sqlite3 *database = connection->database;
    sqlite3_extended_result_codes(database, 1);
    sqlite3_busy_timeout(database, CONNECTION_BUSY_MS);
    sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    if (kind == CONNECTION_READER) {
        sqlite3_progress_handler(database, PROGRESS_INSTRUCTIONS, stop_when_late, connection);
    }
    int result = connection_execute(connection, kind == CONNECTION_READER
                                                    ? "PRAGMA cache_size = -4096" /* KiB */
                                                    : "PRAGMA cache_size = -32768");
    if (result == SQLITE_OK) {
        result = connection_execute(connection, "PRAGMA temp_store = MEMORY");
    }
    return result == SQLITE_OK ? ERROR_NONE
                               : connection_failed(connection, result, "set it up", failure);
}

enum error connection_make_durable(struct connection *connection, bool is_draft,
                                   struct failure *failure) {
    if (sqlite3_db_readonly(connection->database, "main") == 1) {
        return failure_set(failure, ERROR_PERMISSION, "%s: this user may not write it",
                           connection->path);
    }
    enum error error = insist(connection, "journal_mode", "WAL", "wal", failure);
    if (error == ERROR_NONE) {
        error = is_draft ? insist(connection, "synchronous", "NORMAL", "1", failure)
                         : insist(connection, "synchronous", "FULL", "2", failure);
    }
    if (error == ERROR_NONE) {
        error = insist(connection, "wal_autocheckpoint", "0", "0", failure);
    }
    /* After wal_autocheckpoint, which is a hook itself. */
    sqlite3_wal_hook(connection->database, remember_wal_pages, connection);
    return error;
}

static int open_handle(struct connection *connection, const char *name, int flags) {
    return sqlite3_open_v2(name, &connection->database,
                           flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
}

/* "file:PATH?immutable=1", with what has a meaning in a URI escaped; NULL: too long. */
static const char *immutable_uri(const char *path, char uri[static URI_SIZE]) {
    size_t length = (size_t)snprintf(uri, URI_SIZE, "file:");
    for (; *path != '\0' && length < URI_SIZE - 20; path++) {
        const char *form = strchr("%?#", *path) != NULL ? "%%%02X" : "%c";
        length += (size_t)snprintf(uri + length, URI_SIZE - length, form, (unsigned char)*path);
    }
    snprintf(uri + length, URI_SIZE - length, "?immutable=1");
    return *path == '\0' ? uri : NULL;
}

/* Where nothing waits in a WAL and the folder may not be written, SQLite cannot make the files by
 * which readers and writers agree. Then nobody writes either: the file is read as it lies. */
static int open_as_it_lies(struct connection *connection, const char *path) {
    char name[PATH_MAX];
    int length = snprintf(name, sizeof name, "%s-wal", path);
    bool has_wal = length < 0 || (size_t)length >= sizeof name || access(name, F_OK) == 0;
    int64_t ignored;
    int result = connection_integer(connection, "SELECT 1 FROM sqlite_schema", &ignored);
    bool cannot_agree = (result & 0xff) == SQLITE_CANTOPEN || (result & 0xff) == SQLITE_READONLY;
    if (!cannot_agree || has_wal) {
        return SQLITE_OK; /* whatever it is, the first real read says so */
    }
    char buffer[URI_SIZE];
    const char *uri = immutable_uri(path, buffer);
    if (uri == NULL) {
        return result;
    }
    sqlite3_close(connection->database);
    return open_handle(connection, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
}

enum error connection_open(struct connection *connection, const char *path,
                           enum connection_kind kind, bool may_create, struct failure *failure) {
    *connection = (struct connection){.path = path};
    int flags = kind == CONNECTION_READER
                    ? SQLITE_OPEN_READONLY
                    : SQLITE_OPEN_READWRITE | (may_create ? SQLITE_OPEN_CREATE : 0);
    int result = open_handle(connection, path, flags);
    if (result == SQLITE_OK && kind == CONNECTION_READER) {
        result = open_as_it_lies(connection, path);
    }
    enum error error = result == SQLITE_OK
                           ? set_up(connection, kind, failure)
                           : connection_failed(connection, result, "open it", failure);
    if (error != ERROR_NONE) {
        connection_close(connection);
    }
    return error;
}

void connection_close(struct connection *connection) {
    for (size_t i = 0; i < STATEMENTS_COUNT; i++) {
        sqlite3_finalize(connection->statements[i]);
        connection->statements[i] = NULL;
    }
    int result = sqlite3_close(connection->database);
    ensure(result != SQLITE_BUSY); /* every statement is ours, and finalized */
    connection->database = NULL;
}

sqlite3_stmt *connection_statement(struct connection *connection, enum statement statement,
                                   int *result) {
    sqlite3_stmt **kept = &connection->statements[statement];
    *result = SQLITE_OK;
    if (*kept == NULL) {
        *result = sqlite3_prepare_v3(connection->database, statement_sql(statement), -1,
                                     SQLITE_PREPARE_PERSISTENT, kept, NULL);
    }
    return *kept;
}

int connection_run(struct connection *connection, enum statement statement) {
    int result;
    sqlite3_stmt *prepared = connection_statement(connection, statement, &result);
    return prepared == NULL ? result : statement_finish(prepared);
}

void statement_reset(sqlite3_stmt **statement) {
    sqlite3_reset(*statement); /* NULL is allowed; its code was seen when it was stepped */
}

int statement_step(sqlite3_stmt *statement, bool *row) {
    int result = sqlite3_step(statement);
    *row = result == SQLITE_ROW;
    return result == SQLITE_ROW || result == SQLITE_DONE ? SQLITE_OK : result;
}

int statement_finish(sqlite3_stmt *statement) {
    int result = sqlite3_step(statement);
    sqlite3_reset(statement);
    return result == SQLITE_DONE ? SQLITE_OK : result;
}
