/* Rows into one table, and back out of it to be compared. */
#include "store/postgres/copy/filling.h"

#include <stdio.h>
#include <string.h>

#include "base/uuid.h"
#include "store/copy/match.h"

enum {
    PIECE_BYTES = 64 * 1024, /* sent at a time */
    SQL_SIZE = 8192,
};

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
                           : target_refused(target, result, target->table->name, failure);
    PQclear(result);
    return error;
}

static enum error send_piece(struct copy_target *target, struct failure *failure) {
    struct binary *binary = &target->binary;
    if (binary->spent) {
        return failure_set(failure, ERROR_MEMORY, "no memory for a row of %s", target->table->name);
    }
    if (PQputCopyData(target->connection, (const char *)binary->bytes, (int)binary->length) != 1) {
        return target_refused(target, NULL, target->table->name, failure);
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
                           : target_refused(target, result, target->table->name, failure);
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
        error = target_refused(target, NULL, target->table->name, failure);
    }
    if (error == ERROR_NONE) {
        error = end_copy(target, failure);
    }
    return error == ERROR_NONE ? read_back(target, failure) : error;
}
