#include "store/sqlite/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/sqlite/connection.h"
#include "store/sqlite/opened.h"

enum { SQL_SIZE = (COPY_COLUMNS_MAX + 1) * (COPY_NAME_SIZE + 4) };

struct copy_source {
    struct connection connection;
    sqlite3_stmt *rows; /* of the table that is being read; NULL: none */
    size_t columns_count;
};

enum error copy_source_open(struct store *store, struct copy_source **source,
                            struct failure *failure) {
    struct copy_source *opened = calloc(1, sizeof *opened);
    if (opened == NULL) {
        return failure_set(failure, ERROR_MEMORY, "no memory to read the file");
    }
    const char *path = ((const struct sqlite_store *)store)->path;
    enum error error =
        connection_open(&opened->connection, path, CONNECTION_READER, false, failure);
    if (error == ERROR_NONE) {
        int result = connection_execute(&opened->connection, "BEGIN");
        if (result != SQLITE_OK) {
            error = connection_failed(&opened->connection, result, "read it", failure);
        }
    }
    if (error != ERROR_NONE) {
        copy_source_close(opened);
        return error;
    }
    *source = opened;
    return ERROR_NONE;
}

void copy_source_close(struct copy_source *source) {
    if (source != NULL) {
        sqlite3_finalize(source->rows);
        connection_close(&source->connection);
        free(source);
    }
}

static enum error failed(struct copy_source *source, int result, struct failure *failure) {
    return connection_failed(&source->connection, result, "read it", failure);
}

static enum error count_rows(struct copy_source *source, struct copy_table *table,
                             struct failure *failure) {
    char sql[COPY_NAME_SIZE + 40];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM \"%s\"", table->name);
    int result = connection_integer(&source->connection, sql, &table->rows);
    return result == SQLITE_OK ? ERROR_NONE : failed(source, result, failure);
}

static bool put_name(char to[COPY_NAME_SIZE], const unsigned char *name) {
    int length = snprintf(to, COPY_NAME_SIZE, "%s", (const char *)name);
    return length > 0 && length < COPY_NAME_SIZE && strchr(to, '"') == NULL;
}

/* One row of the list: table, column, whether it is of the key. */
static bool take_column(sqlite3_stmt *statement, struct copy_tables *tables) {
    char name[COPY_NAME_SIZE];
    if (!put_name(name, sqlite3_column_text(statement, 0))) {
        return false;
    }
    if (tables->count == 0 || strcmp(tables->list[tables->count - 1].name, name) != 0) {
        if (tables->count == COPY_TABLES_MAX) {
            return false;
        }
        struct copy_table *table = &tables->list[tables->count++];
        *table = (struct copy_table){.columns_count = 0};
        memcpy(table->name, name, sizeof name);
    }
    struct copy_table *table = &tables->list[tables->count - 1];
    if (table->columns_count == COPY_COLUMNS_MAX) {
        return false;
    }
    struct copy_column *column = &table->columns[table->columns_count++];
    column->is_key = sqlite3_column_int(statement, 2) > 0;
    return put_name(column->name, sqlite3_column_text(statement, 1));
}

enum error copy_source_tables(struct copy_source *source, struct copy_tables *tables,
                              struct failure *failure) {
    static const char sql[] =
        "SELECT m.name, c.name, c.pk FROM sqlite_schema m, pragma_table_info(m.name) c "
        "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "ORDER BY m.rowid, c.cid";
    sqlite3_stmt *statement;
    int result = sqlite3_prepare_v2(source->connection.database, sql, -1, &statement, NULL);
    bool row = result == SQLITE_OK;
    bool fits = true;
    tables->count = 0;
    while (row && fits && (result = statement_step(statement, &row)) == SQLITE_OK && row) {
        fits = take_column(statement, tables);
    }
    enum error error = result == SQLITE_OK ? ERROR_NONE : failed(source, result, failure);
    sqlite3_finalize(statement);
    if (!fits) {
        return failure_set(failure, ERROR_INVALID, "%s: has tables that no ticketd made",
                           source->connection.path);
    }
    for (size_t i = 0; error == ERROR_NONE && i < tables->count; i++) {
        error = count_rows(source, &tables->list[i], failure);
    }
    return error;
}

enum error copy_source_select(struct copy_source *source, const struct copy_table *table,
                              struct failure *failure) {
    char sql[SQL_SIZE];
    size_t length = (size_t)snprintf(sql, sizeof sql, "SELECT ");
    for (size_t i = 0; i < table->columns_count; i++) {
        length += (size_t)snprintf(sql + length, sizeof sql - length, "%s\"%s\"",
                                   i == 0 ? "" : ", ", table->columns[i].name);
    }
    snprintf(sql + length, sizeof sql - length, " FROM \"%s\"", table->name);
    sqlite3_finalize(source->rows);
    source->rows = NULL;
    source->columns_count = table->columns_count;
    int result = sqlite3_prepare_v2(source->connection.database, sql, -1, &source->rows, NULL);
    return result == SQLITE_OK ? ERROR_NONE : failed(source, result, failure);
}

static struct cell read_cell(sqlite3_stmt *rows, int column) {
    struct cell cell = {.kind = CELL_OTHER};
    switch (sqlite3_column_type(rows, column)) {
    case SQLITE_NULL:
        cell.kind = CELL_NULL;
        break;
    case SQLITE_INTEGER:
        cell.kind = CELL_INTEGER;
        cell.integer = sqlite3_column_int64(rows, column);
        break;
    case SQLITE_TEXT:
        cell.kind = CELL_TEXT;
        cell.bytes.bytes = (const char *)sqlite3_column_text(rows, column);
        cell.bytes.length = (size_t)sqlite3_column_bytes(rows, column);
        break;
    case SQLITE_BLOB:
        cell.kind = CELL_BLOB;
        cell.bytes.bytes = sqlite3_column_blob(rows, column);
        cell.bytes.length = (size_t)sqlite3_column_bytes(rows, column);
        break;
    }
    return cell;
}

enum error copy_source_next(struct copy_source *source, struct cell cells[COPY_COLUMNS_MAX],
                            bool *there, struct failure *failure) {
    int result = statement_step(source->rows, there);
    if (result != SQLITE_OK) {
        return failed(source, result, failure);
    }
    for (size_t i = 0; *there && i < source->columns_count; i++) {
        cells[i] = read_cell(source->rows, (int)i);
    }
    return ERROR_NONE;
}
