#include "store/postgres/copy/target.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/uuid.h"
#include "store/copy/match.h"
#include "store/postgres/copy/binary.h"
#include "store/postgres/copy/digest.h"
#include "store/postgres/copy/inside.h"
#include "store/postgres/opened.h"
#include "store/postgres/postgres_store.h"
#include "store/postgres/state.h"

enum {
    PIECE_BYTES = 64 * 1024, /* sent at a time */
    QUALIFIED_SIZE = 2 * (2 * COPY_NAME_SIZE + 2) + 1,
    SQL_SIZE = 8192,
};

extern const unsigned char copy_sql_target_columns[];

/* What is known of the table with the same number in `tables`. */
struct place {
    char qualified[QUALIFIED_SIZE];
    enum binary_type types[COPY_COLUMNS_MAX];
};

struct copy_target {
    struct store *store;
    PGconn *connection;
    struct copy_tables tables;
    struct place places[COPY_TABLES_MAX];
    struct inside inside;
    bool warned; /* a WARNING 01000 came */

    /* The table that is being filled. */
    const struct copy_table *table;
    const struct place *place;
    enum binary_type types[COPY_COLUMNS_MAX]; /* in the order in which the columns are sent */
    struct binary binary;
    struct digest sent;
};

/* --- statements --------------------------------------------------------------- */

static enum error refused(struct copy_target *target, const PGresult *result, const char *doing,
                          struct failure *failure) {
    const char *state = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *why = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (state == NULL) {
        why = PQerrorMessage(target->connection);
        return failure_set(failure, ERROR_UNAVAILABLE, "the target was lost while %s: %.*s", doing,
                           (int)strcspn(why, "\n"), why);
    }
    return failure_set(failure, state_error(state), "the target refuses, while %s: %s (%s)", doing,
                       why == NULL ? "it does not say why" : why, state);
}

/* One statement, whose result is of no interest. */
static enum error run(struct copy_target *target, const char *sql, const char *doing,
                      struct failure *failure) {
    PGresult *result = PQexec(target->connection, sql);
    enum error error = PQresultStatus(result) == PGRES_COMMAND_OK
                           ? ERROR_NONE
                           : refused(target, result, doing, failure);
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
                           : refused(target, rows, "its tables are looked at", failure);
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
    return run(target, sql, "others are kept from writing", failure);
}

static enum error insist_on_empty(struct copy_target *target, const struct copy_table *table,
                                  const struct place *place, struct failure *failure) {
    char sql[QUALIFIED_SIZE + 40];
    snprintf(sql, sizeof sql, "SELECT FROM %s LIMIT 1", place->qualified);
    PGresult *rows = PQexec(target->connection, sql);
    enum error error = ERROR_NONE;
    if (PQresultStatus(rows) != PGRES_TUPLES_OK) {
        error = refused(target, rows, table->name, failure);
    } else if (PQntuples(rows) > 0) {
        error = failure_set(failure, ERROR_INVALID,
                            "the target is not empty: there are rows in %s; name a new database",
                            place->qualified);
    }
    PQclear(rows);
    return error;
}

enum error copy_target_begin(struct copy_target *target, struct failure *failure) {
    static const char *const settings[] = {
        "BEGIN ISOLATION LEVEL READ COMMITTED", "SET LOCAL lock_timeout = '5s'",
        "SET LOCAL statement_timeout = 0",      "SET LOCAL idle_in_transaction_session_timeout = 0",
        "SET LOCAL row_security = off", /* an error instead of rows that are not seen */
    };
    enum error error = ERROR_NONE;
    for (size_t i = 0; error == ERROR_NONE && i < sizeof settings / sizeof settings[0]; i++) {
        error = run(target, settings[i], "the transaction begins", failure);
    }
    if (error == ERROR_NONE) {
        error = lock(target, failure);
    }
    for (size_t i = 0; error == ERROR_NONE && i < target->tables.count; i++) {
        error = insist_on_empty(target, &target->tables.list[i], &target->places[i], failure);
    }
    return error;
}

/* --- rows --------------------------------------------------------------------- */

/* The table's columns as the source orders them: "(id, name, …)". */
static void put_columns(char *sql, size_t size, const struct copy_table *table) {
    size_t length = strlen(sql);
    for (size_t i = 0; i < table->columns_count && length < size; i++) {
        length += (size_t)snprintf(sql + length, size - length, "%s\"%s\"", i == 0 ? "(" : ", ",
                                   table->columns[i].name);
    }
    if (length < size) {
        snprintf(sql + length, size - length, ")");
    }
}

static void find_types(struct copy_target *target, const struct copy_table *table) {
    const struct copy_table *ours = copy_table_named(&target->tables, table->name);
    target->place = &target->places[ours - target->tables.list];
    for (size_t i = 0; i < table->columns_count; i++) {
        for (size_t j = 0; j < ours->columns_count; j++) {
            if (strcmp(table->columns[i].name, ours->columns[j].name) == 0) {
                target->types[i] = target->place->types[j];
            }
        }
    }
}

/* Sends `COPY table (columns) …` and sees that it goes the way that is wanted. */
static enum error begin_copy(struct copy_target *target, const char *direction,
                             ExecStatusType wanted, struct failure *failure) {
    char sql[SQL_SIZE];
    char columns[SQL_SIZE - 512] = "";
    put_columns(columns, sizeof columns, target->table);
    snprintf(sql, sizeof sql, "COPY %s %s %s (FORMAT binary)", target->place->qualified, columns,
             direction);
    PGresult *result = PQexec(target->connection, sql);
    enum error error = PQresultStatus(result) == wanted
                           ? ERROR_NONE
                           : refused(target, result, target->table->name, failure);
    PQclear(result);
    return error;
}

static enum error send_piece(struct copy_target *target, struct failure *failure) {
    struct binary *binary = &target->binary;
    if (binary->spent) {
        return failure_set(failure, ERROR_MEMORY, "no memory for a row of %s", target->table->name);
    }
    if (PQputCopyData(target->connection, (const char *)binary->bytes, (int)binary->length) != 1) {
        return refused(target, NULL, target->table->name, failure);
    }
    binary->length = 0;
    return ERROR_NONE;
}

enum error copy_target_fill(struct copy_target *target, const struct copy_table *table,
                            struct failure *failure) {
    target->table = table;
    target->sent = (struct digest){.rows = 0};
    target->binary.length = 0;
    find_types(target, table);
    binary_begin(&target->binary);
    return begin_copy(target, "FROM STDIN", PGRES_COPY_IN, failure);
}

static void show_cell(const struct cell *cell, char *to, size_t size) {
    struct uuid id;
    if (cell->kind == CELL_INTEGER) {
        snprintf(to, size, "%lld", (long long)cell->integer);
    } else if (cell->kind == CELL_TEXT && text_is_utf8(cell->bytes)) {
        snprintf(to, size, "\"%.*s\"", (int)(cell->bytes.length > 40 ? 40 : cell->bytes.length),
                 cell->bytes.bytes);
    } else if (cell->kind == CELL_BLOB && cell->bytes.length == sizeof id.bytes) {
        char text[UUID_TEXT_SIZE];
        memcpy(id.bytes, cell->bytes.bytes, sizeof id.bytes);
        snprintf(to, size, "%s", uuid_format(id, text));
    } else {
        snprintf(to, size, "?");
    }
}

/* "events 0190…-…: name is not UTF-8, …". A table without a key is named by its first columns. */
static enum error blame(const struct copy_table *table, const struct cell *cells, size_t column,
                        const char *why, struct failure *failure) {
    char row[160] = "";
    bool has_key = false;
    for (size_t i = 0; i < table->columns_count; i++) {
        has_key |= table->columns[i].is_key;
    }
    for (size_t i = 0; i < table->columns_count; i++) {
        if (has_key ? table->columns[i].is_key : i < 2) {
            char shown[64];
            show_cell(&cells[i], shown, sizeof shown);
            size_t length = strlen(row);
            snprintf(row + length, sizeof row - length, " %s", shown);
        }
    }
    return failure_set(failure, ERROR_INVALID, "%s%s: %s %s", table->name, row,
                       table->columns[column].name, why);
}

enum error copy_target_row(struct copy_target *target, const struct cell *cells,
                           struct failure *failure) {
    struct binary *binary = &target->binary;
    size_t begin = binary->length;
    binary_row(binary, target->table->columns_count);
    for (size_t i = 0; i < target->table->columns_count; i++) {
        const char *why = binary_cell(binary, target->types[i], &cells[i]);
        if (why != NULL) {
            return blame(target->table, cells, i, why, failure);
        }
    }
    if (!binary->spent) {
        digest_add(&target->sent, binary->bytes + begin, binary->length - begin);
    }
    return binary->length < PIECE_BYTES && !binary->spent ? ERROR_NONE
                                                          : send_piece(target, failure);
}

/* What a COPY ends with, and the NULL behind it. */
static enum error end_copy(struct copy_target *target, struct failure *failure) {
    PGresult *result = PQgetResult(target->connection);
    enum error error = PQresultStatus(result) == PGRES_COMMAND_OK
                           ? ERROR_NONE
                           : refused(target, result, target->table->name, failure);
    while (result != NULL) {
        PQclear(result);
        result = PQgetResult(target->connection);
    }
    return error;
}

/* libpq gives a whole row at a time; the stream's head comes with the first one. */
static void take_back(struct digest *digest, const char *bytes, size_t length, bool is_first) {
    size_t head = is_first ? BINARY_HEAD_SIZE : 0;
    if (length > head + BINARY_END_SIZE) {
        digest_add(digest, bytes + head, length - head);
    }
}

static enum error read_back(struct copy_target *target, struct failure *failure) {
    struct digest kept = {.rows = 0};
    enum error error = begin_copy(target, "TO STDOUT", PGRES_COPY_OUT, failure);
    if (error != ERROR_NONE) {
        return error;
    }
    char *bytes;
    int length;
    bool is_first = true;
    while ((length = PQgetCopyData(target->connection, &bytes, 0)) > 0) {
        take_back(&kept, bytes, (size_t)length, is_first);
        PQfreemem(bytes);
        is_first = false;
    }
    error = end_copy(target, failure);
    if (error == ERROR_NONE && !digest_equals(&kept, &target->sent)) {
        error = failure_set(failure, ERROR_CORRUPT,
                            "%s reads back otherwise than it was written: a trigger or a rule "
                            "changes its rows",
                            target->place->qualified);
    }
    return error;
}

enum error copy_target_filled(struct copy_target *target, struct failure *failure) {
    binary_end(&target->binary);
    enum error error = send_piece(target, failure);
    if (error == ERROR_NONE && PQputCopyEnd(target->connection, NULL) != 1) {
        error = refused(target, NULL, target->table->name, failure);
    }
    if (error == ERROR_NONE) {
        error = end_copy(target, failure);
    }
    return error == ERROR_NONE ? read_back(target, failure) : error;
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
    enum error error = run(target, "SET LOCAL statement_timeout = 0", "it is read", failure);
    target->warned = false;
    for (size_t i = 0; error == ERROR_NONE && i < target->tables.count; i++) {
        char sql[QUALIFIED_SIZE + 10];
        snprintf(sql, sizeof sql, "ANALYZE %s", target->places[i].qualified);
        error = run(target, sql, "the rows are analyzed", failure);
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
        (void)refused(target, result, "it commits", failure);
    }
    PQclear(result);
    return error;
}
