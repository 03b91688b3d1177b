#include "store/postgres/copy/target.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "store/copy/match.h"
#include "store/postgres/copy/filling.h"
#include "store/postgres/postgres_store.h"
#include "store/postgres/state.h"

extern const unsigned char copy_sql_target_columns[];

/* --- statements --------------------------------------------------------------- */

enum error target_refused(struct copy_target *target, const PGresult *result, const char *doing,
                          struct failure *failure) {
    const char *state = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *why = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (state == NULL) {
        why = PQerrorMessage(target->connection);
        return failure_set(failure, ERROR_UNAVAILABLE, "the target was lost at %s: %.*s", doing,
                           (int)strcspn(why, "\n"), why);
    }
    return failure_set(failure, state_error(state), "the target refuses at %s: %s (%s)", doing,
                       why == NULL ? "it does not say why" : why, state);
}

/* One statement, whose result is of no interest. */
static enum error run(struct copy_target *target, const char *sql, const char *doing,
                      struct failure *failure) {
    PGresult *result = PQexec(target->connection, sql);
    ExecStatusType status = PQresultStatus(result);
    enum error error = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK
                           ? ERROR_NONE
                           : target_refused(target, result, doing, failure);
    PQclear(result);
    return error;
}

static void hear(void *context, const PGresult *notice) {
    struct copy_target *target = context;
    const char *state = PQresultErrorField(notice, PG_DIAG_SQLSTATE);
    target->warned |= state != NULL && strcmp(state, "01000") == 0;
}

/* --- the two ends ------------------------------------------------------------- */

/* The limit by which a server notices a dead network would take a database for dead that is busy
 * with the rows it has, and takes no more for some seconds. Keepalives go on. */
static void allow_pauses(PGconn *connection) {
    unsigned none = 0;
    (void)setsockopt(PQsocket(connection), IPPROTO_TCP, TCP_USER_TIMEOUT, &none, sizeof none);
}

enum error copy_target_open(const char *url, struct copy_target **target, struct failure *failure) {
    struct copy_target *opened = calloc(1, sizeof *opened);
    if (opened == NULL) {
        return failure_set(failure, ERROR_MEMORY, "no memory for a copy");
    }
    static const struct store_options plain;
    enum error error = postgres_store_open(url, &plain, &opened->store, failure);
    if (error == ERROR_NONE) {
        const struct postgres_store *store = (struct postgres_store *)opened->store;
        error = address_connect(&store->address, &opened->connection, failure);
    }
    if (error != ERROR_NONE) {
        copy_target_close(opened);
        return error;
    }
    PQsetNoticeReceiver(opened->connection, hear, opened);
    allow_pauses(opened->connection);
    *target = opened;
    return ERROR_NONE;
}

void copy_target_close(struct copy_target *target) {
    if (target != NULL) {
        PQfinish(target->connection);
        store_close(target->store);
        binary_finish(&target->binary);
        free(target);
    }
}

static enum error take_column(struct copy_target *target, const PGresult *rows, int row,
                              struct failure *failure) {
    const char *name = PQgetvalue(rows, row, 0);
    struct copy_tables *tables = &target->tables;
    if (tables->count == 0 || strcmp(tables->list[tables->count - 1].name, name) != 0) {
        if (tables->count == COPY_TABLES_MAX) {
            return failure_set(failure, ERROR_INVALID, "the schema ticketd has too many tables");
        }
        struct copy_table *table = &tables->list[tables->count++];
        *table = (struct copy_table){.columns_count = 0};
        snprintf(table->name, sizeof table->name, "%s", name);
        snprintf(target->places[tables->count - 1].qualified, QUALIFIED_SIZE, "%s",
                 PQgetvalue(rows, row, 4));
    }
    struct copy_table *table = &tables->list[tables->count - 1];
    if (table->columns_count == COPY_COLUMNS_MAX) {
        return failure_set(failure, ERROR_INVALID, "%s has too many columns", name);
    }
    size_t at = table->columns_count++;
    snprintf(table->columns[at].name, COPY_NAME_SIZE, "%s", PQgetvalue(rows, row, 1));
    uint32_t oid = (uint32_t)strtoul(PQgetvalue(rows, row, 2), NULL, 10);
    if (!binary_type_of(oid, &target->places[tables->count - 1].types[at])) {
        return failure_set(failure, ERROR_INVALID,
                           "%s.%s of the target is of type %s, which ticketd does not write", name,
                           PQgetvalue(rows, row, 1), PQgetvalue(rows, row, 3));
    }
    return ERROR_NONE;
}

enum error copy_target_tables(struct copy_target *target, struct copy_tables *tables,
                              struct failure *failure) {
    PGresult *rows = PQexec(target->connection, (const char *)copy_sql_target_columns);
    enum error error = PQresultStatus(rows) == PGRES_TUPLES_OK
                           ? ERROR_NONE
                           : target_refused(target, rows, "the list of its tables", failure);
    target->tables.count = 0;
    for (int row = 0; error == ERROR_NONE && row < PQntuples(rows); row++) {
        error = take_column(target, rows, row, failure);
    }
    PQclear(rows);
    if (error == ERROR_NONE) {
        *tables = target->tables;
    }
    return error;
}

static enum error lock(struct copy_target *target, struct failure *failure) {
    char sql[2 * QUALIFIED_SIZE + 80];
    size_t events = (size_t)(copy_table_named(&target->tables, "events") - target->tables.list);
    size_t types =
        (size_t)(copy_table_named(&target->tables, "ticket_types") - target->tables.list);
    snprintf(sql, sizeof sql, "LOCK TABLE %s, %s IN SHARE ROW EXCLUSIVE MODE",
             target->places[events].qualified, target->places[types].qualified);
    return run(target, sql, "LOCK", failure);
}

static enum error insist_on_empty(struct copy_target *target, const struct copy_table *table,
                                  const struct place *place, struct failure *failure) {
    char sql[QUALIFIED_SIZE + 40];
    snprintf(sql, sizeof sql, "SELECT FROM %s LIMIT 1", place->qualified);
    PGresult *rows = PQexec(target->connection, sql);
    enum error error = ERROR_NONE;
    if (PQresultStatus(rows) != PGRES_TUPLES_OK) {
        error = target_refused(target, rows, table->name, failure);
    } else if (PQntuples(rows) > 0) {
        error = failure_set(failure, ERROR_INVALID,
                            "the target is not empty: there are rows in %s; name a new database",
                            place->qualified);
    }
    PQclear(rows);
    return error;
}

enum error copy_target_begin(struct copy_target *target, struct failure *failure) {
    /* Who is told that it is done puts the file away. */
    static const char keep_durable[] = "SELECT set_config('synchronous_commit', 'on', true) "
                                       "WHERE current_setting('synchronous_commit') = 'off'";
    static const char *const settings[] = {
        "BEGIN ISOLATION LEVEL READ COMMITTED",
        "SET LOCAL lock_timeout = '5s'",
        "SET LOCAL statement_timeout = 0",
        "SET LOCAL idle_in_transaction_session_timeout = 0",
        "SET LOCAL row_security = off", /* an error instead of rows that are not seen */
        keep_durable,
    };
    enum error error = ERROR_NONE;
    for (size_t i = 0; error == ERROR_NONE && i < sizeof settings / sizeof settings[0]; i++) {
        error = run(target, settings[i], "BEGIN", failure);
    }
    if (error == ERROR_NONE) {
        error = lock(target, failure);
    }
    for (size_t i = 0; error == ERROR_NONE && i < target->tables.count; i++) {
        error = insist_on_empty(target, &target->tables.list[i], &target->places[i], failure);
    }
    return error;
}

/* --- the end ------------------------------------------------------------------ */

enum error copy_target_open_reader(struct copy_target *target, struct store_reader **reader,
                                   struct failure *failure) {
    enum error error = inside_open(&target->inside, (struct postgres_store *)target->store,
                                   target->connection, failure);
    if (error != ERROR_NONE) {
        copy_target_close_reader(target);
        return error;
    }
    *reader = target->inside.reader;
    return ERROR_NONE;
}

void copy_target_close_reader(struct copy_target *target) {
    if (target->inside.reader != NULL) {
        target->connection = inside_close(&target->inside);
        target->inside.reader = NULL;
    }
}

static enum error analyze(struct copy_target *target, bool *analyzed, struct failure *failure) {
    /* The reader had limits of its own. */
    enum error error = run(target, "SET LOCAL statement_timeout = 0", "ANALYZE", failure);
    target->warned = false;
    for (size_t i = 0; error == ERROR_NONE && i < target->tables.count; i++) {
        char sql[QUALIFIED_SIZE + 10];
        snprintf(sql, sizeof sql, "ANALYZE %s", target->places[i].qualified);
        error = run(target, sql, "ANALYZE", failure);
    }
    *analyzed = !target->warned;
    return error;
}

/* What a COMMIT of this result has done, and not. */
static enum error judge_commit(struct copy_target *target, PGresult *result) {
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        return state_error_of_commit(PQresultErrorField(result, PG_DIAG_SQLSTATE));
    }
    if (strcmp(PQcmdStatus(result), "COMMIT") != 0) {
        return ERROR_REJECTED;
    }
    return target->warned ? ERROR_UNKNOWN : ERROR_NONE; /* a standby that must have it may not */
}

enum error copy_target_keep(struct copy_target *target, bool *analyzed, struct failure *failure) {
    enum error error = analyze(target, analyzed, failure);
    if (error == ERROR_NONE && PQtransactionStatus(target->connection) != PQTRANS_INTRANS) {
        error = failure_set(failure, ERROR_UNAVAILABLE, "the target's transaction was lost");
    }
    if (error != ERROR_NONE) {
        return error;
    }
    target->warned = false;
    PGresult *result = PQexec(target->connection, "COMMIT");
    error = judge_commit(target, result);
    if (error == ERROR_UNKNOWN) {
        (void)failure_set(failure, error,
                          "the target did not say that it keeps the rows, and may have them: run "
                          "ticketd verify on it, or copy again into a new database");
    } else if (error != ERROR_NONE) {
        (void)target_refused(target, result, "COMMIT", failure);
    }
    PQclear(result);
    return error;
}
