/* connection.h - one connection to the file, set up in the only way that is durable.
 *
 * WAL and synchronous=FULL, set, read back and insisted on: anything less loses
 * acknowledged sales when the power goes. Exactly one connection writes, and the
 * same one checkpoints; SQLite before 3.51.3 can corrupt a file otherwise. A
 * connection belongs to one thread. */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/failure.h"
#include "store/sqlite/result.h"
#include "store/sqlite/statement.h"

enum { CONNECTION_BUSY_MS = 1000 }; /* only recovery and checkpoints that must be whole wait */

enum connection_kind { CONNECTION_WRITER, CONNECTION_READER };

struct connection {
    sqlite3 *database;
    const char *path;    /* the store's */
    int64_t deadline_us; /* monotonic; what runs longer is interrupted. 0: none */
    int wal_pages;       /* after the last commit of this connection */
    sqlite3_stmt *statements[STATEMENTS_COUNT];
};

/* `may_create`: a writer makes the file if it is not there. `path` is kept, not copied. */
MUST_USE enum error connection_open(struct connection *connection, const char *path,
                                    enum connection_kind kind, bool may_create,
                                    struct failure *failure);

/* What a writer must do before it writes; a connection that only looks leaves the file as it is.
 * `is_draft`: the next writer makes durable what this one commits. */
MUST_USE enum error connection_make_durable(struct connection *connection, bool is_draft,
                                            struct failure *failure);

/* Leaves the WAL as it is. Accepts one that was zeroed or only half opened. */
void connection_close(struct connection *connection);

/* Ready to be bound, prepared on its first use and kept. NULL: *result says why. */
sqlite3_stmt *connection_statement(struct connection *connection, enum statement statement,
                                   int *result);

/* Runs a statement that gives no rows and takes no parameters. */
int connection_run(struct connection *connection, enum statement statement);

/* For several statements at once, or those that are used once in a life. */
int connection_execute(struct connection *connection, const char *sql);

/* The first column of the first row of `sql`; SQLITE_DONE where there is none. */
int connection_integer(struct connection *connection, const char *sql, int64_t *value);

/* Fills the failure: "FILE: doing: why". */
enum error connection_failed(struct connection *connection, int result, const char *doing,
                             struct failure *failure);

/* Resets the statement when its scope ends, so that none stays open over a commit. */
#define SCOPED_STATEMENT __attribute__((cleanup(statement_reset))) sqlite3_stmt
void statement_reset(sqlite3_stmt **statement);

/* SQLITE_ROW and SQLITE_DONE as SQLITE_OK; the row is there when *row is true. */
int statement_step(sqlite3_stmt *statement, bool *row);

/* Steps a statement that gives no rows, resets it, and says how it went. */
int statement_finish(sqlite3_stmt *statement);
